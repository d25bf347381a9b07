"""Saved charts: who finds them, what opening one shows, and who takes pictures out."""

import json
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.actions import charts, memberships
from groups.models import CrimeGroup, Nominal, SavedChart
from ocgmap.common.acting import acting_as
from ocgmap.common.records import ProtectedQuerySet
from ocgmap.common.scope import system
from tests.cast import As

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
SOMEBODY = str(uuid.UUID(int=1))
Find = Callable[[str], Viewer]


@pytest.fixture
def member(acting: As, by: Viewer, group: CrimeGroup, nominal: Nominal) -> Nominal:
    with acting("owner_analyst"):
        memberships.add_member(
            by=by,
            group=group,
            nominal=nominal,
            dpa_category="suspect",
            rationale="Seen",
        )
    return nominal


def kept(
    acting: As, viewer: Find, group: CrimeGroup, audience: str, **more: Any
) -> SavedChart:
    with acting("owner_analyst"):
        return charts.save(
            by=viewer("owner_analyst"),
            centre=group,
            name="For the briefing",
            audience=audience,
            **({"query": {}, "places": {}} | more),
        )


def saving(group: CrimeGroup) -> str:
    return reverse("groups:save_chart", args=[group.public_id])


def posted(**more: str) -> dict[str, str]:
    return {"name": "Core of it", "audience": "private", **more}


def test_a_chart_comes_back_as_it_was_saved(
    client_as: SignIn, group: CrimeGroup, member: Nominal
) -> None:
    client = client_as("owner_analyst")
    key = str(member.public_id)
    data = posted(query="steps=2&without=groups", places=json.dumps({key: [310, 95.5]}))
    answer = client.post(saving(group), data, follow=True)
    assert answer.status_code == 200
    assert "steps=2" in answer.request["QUERY_STRING"]
    assert "without=groups" in answer.request["QUERY_STRING"]
    nodes = {one["key"]: one for one in answer.context["drawing"]["nodes"]}
    assert (nodes[key]["x"], nodes[key]["y"]) == ("310", "95.5")
    assert "Core of it" in answer.text


def test_what_was_hidden_on_the_page_stays_hidden(
    client_as: SignIn, group: CrimeGroup, member: Nominal
) -> None:
    gone = json.dumps([str(member.public_id), "more-person"])
    answer = client_as("owner_analyst").post(
        saving(group), posted(gone=gone), follow=True
    )
    assert answer.context["total"] == 1
    assert answer.context["hidden_count"] == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("query", "steps=99"),
        ("query", "without=nothing"),
        ("places", "[]"),
        ("places", "{"),
        ("places", '{"x": [1, 2]}'),
        ("places", json.dumps({SOMEBODY: [1, "2"]})),
        ("places", json.dumps({SOMEBODY: [1]})),
        ("places", json.dumps({SOMEBODY: [1, 1e9]})),
        ("places", json.dumps({str(uuid.UUID(int=n)): [0, 0] for n in range(301)})),
        ("gone", "{}"),
        ("audience", "everyone"),
        ("name", " "),
        ("name", "x" * 81),
    ],
)
def test_what_is_no_chart_is_not_saved(
    client_as: SignIn, group: CrimeGroup, field: str, value: str
) -> None:
    answer = client_as("owner_analyst").post(saving(group), posted(**{field: value}))
    assert answer.status_code == 200
    assert answer.context["is_in_error"]
    with acting_as(system("test")):
        assert not SavedChart.objects.filter(group=group).exists()


def test_sent_twice_is_saved_once(client_as: SignIn, group: CrimeGroup) -> None:
    client = client_as("owner_analyst")
    page = client.get(reverse("groups:group_network", args=[group.public_id]))
    data = posted(entry=page.context["ticket"])
    addresses = {client.post(saving(group), data)["Location"] for _ in range(2)}
    assert len(addresses) == 1
    with acting_as(system("test")):
        assert SavedChart.objects.filter(group=group).count() == 1


@pytest.mark.parametrize("lock", ["both", "second"])
@pytest.mark.parametrize(
    ("audience", "found_by"),
    [
        ("private", {"owner_analyst"}),
        ("team", {"owner_analyst", "owner_supervisor"}),
        ("force", {"owner_analyst", "owner_supervisor", "rocu_lead", "nca_officer"}),
    ],
)
def test_who_finds_a_chart(
    acting: As,
    viewer: Find,
    client_as: SignIn,
    group: CrimeGroup,
    monkeypatch: pytest.MonkeyPatch,
    audience: str,
    found_by: set[str],
    lock: str,
) -> None:
    chart = kept(acting, viewer, group, audience)
    if lock == "second":  # the policies of the database must hold alone
        everything = lambda self, viewer: self  # noqa: E731
        monkeypatch.setattr(ProtectedQuerySet, "visible_to", everything)
        monkeypatch.setattr(type(SavedChart.objects.all()), "visible_to", everything)
    everyone = ("owner_analyst", "owner_supervisor", "rocu_lead", "nca_officer")
    at = reverse("groups:chart", args=[chart.public_id])
    for who in (*everyone, "other_analyst"):
        client = client_as(who)
        is_found = who in found_by
        assert client.get(at).status_code == (302 if is_found else 404), who
        listed = str(chart.public_id) in client.get(reverse("groups:charts")).text
        assert listed is is_found, who


def test_a_chart_of_another_centre_or_a_hidden_one_is_not_used(
    acting: As, viewer: Find, client_as: SignIn, group: CrimeGroup, member: Nominal
) -> None:
    chart = kept(acting, viewer, group, "private")
    person = reverse("groups:person_network", args=[member.public_id])
    own = reverse("groups:group_network", args=[group.public_id])
    client = client_as("owner_analyst")
    assert client.get(f"{own}?saved={chart.public_id}").status_code == 200
    assert client.get(f"{person}?saved={chart.public_id}").status_code == 404
    other = client_as("nca_officer")
    assert other.get(f"{own}?saved={chart.public_id}").status_code == 404
    assert other.get(f"{own}?saved={uuid.uuid4()}").status_code == 404


def test_opening_a_chart_shows_the_rows_of_who_opens_it(
    acting: As, viewer: Find, client_as: SignIn, group: CrimeGroup, hidden: CrimeGroup
) -> None:
    places = {str(hidden.public_id): [5, 5]}
    query = {"expand": [str(hidden.public_id)], "hide": [str(hidden.public_id)]}
    chart = kept(acting, viewer, group, "force", places=places, query=query)
    at = reverse("groups:chart", args=[chart.public_id])
    # Who may not see a node is not even told its id.
    owner = client_as("owner_analyst").get(at)
    assert str(hidden.public_id) not in owner["Location"]
    answer = client_as("nca_officer").get(at, follow=True)
    assert [one["key"] for one in answer.context["drawing"]["nodes"]] == [
        str(group.public_id)
    ]


def test_only_who_saved_it_takes_it_away(
    acting: As, viewer: Find, client_as: SignIn, group: CrimeGroup
) -> None:
    chart = kept(acting, viewer, group, "team")
    at = reverse("groups:remove_chart", args=[chart.public_id])
    assert client_as("owner_supervisor").post(at).status_code == 403
    assert client_as("owner_analyst").post(at).status_code == 302
    assert client_as("owner_analyst").post(at).status_code == 404
    with acting_as(system("test")):
        kinds = AuditEvent.objects.filter(
            object_type="groups.SavedChart", object_ids=[chart.pk]
        ).values_list("kind", flat=True)
        assert {AuditKind.COLLECTION, AuditKind.ERASURE} <= set(kinds)


def test_a_picture_bears_its_marking_and_is_a_disclosure(
    client_as: SignIn, group: CrimeGroup, member: Nominal
) -> None:
    at = reverse("groups:group_picture", args=[group.public_id])
    answer = client_as("owner_supervisor").get(at)
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"].startswith("attachment")
    root = ET.fromstring(answer.content)
    words = [one.text or "" for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words.count("OFFICIAL-SENSITIVE") == 2
    assert any(member.surname in one for one in words)
    with acting_as(system("test")):
        rows = AuditEvent.objects.filter(kind=AuditKind.DISCLOSURE).order_by("-id")[:9]
        out = {one.object_type: one.object_ids for one in rows}
    assert out["groups.Nominal"] == [member.pk]
    assert out["groups.CrimeGroup"] == [group.pk]


def test_who_may_not_export_is_not_offered_it_and_is_refused(
    client_as: SignIn, group: CrimeGroup
) -> None:
    client = client_as("owner_analyst")
    page = client.get(reverse("groups:group_network", args=[group.public_id]))
    at = reverse("groups:group_picture", args=[group.public_id])
    assert at not in page.text
    assert client.get(at).status_code == 403
