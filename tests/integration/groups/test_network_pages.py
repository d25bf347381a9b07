"""The pages of a network: what they show to whom, and what they leave in the audit."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.labels import intern
from accounts.models import AuditEvent, Tag
from accounts.models.audit_event import AuditKind
from accounts.visibility import Label, Marking, Viewer
from groups.actions import identifiers, involvements, links, memberships
from groups.models import CrimeGroup, Nominal, PersonLink
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As
from tests.factories.groups import CrimeGroupFactory, NominalFactory, organisation

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
TOLD: dict[str, Any] = {"rationale": "Seen"}


@pytest.fixture
def people(acting: As, by: Viewer, group: CrimeGroup) -> list[Nominal]:
    """Three members; the first two are linked, and so are the last two."""
    with acting("owner_analyst"):
        found = [
            NominalFactory(by=by, given_names="", surname=name)
            for name in ("Ashdown", "Birchall", "Cedarson")
        ]
        for one in found:
            memberships.add_member(
                by=by, group=group, nominal=one, dpa_category="suspect", **TOLD
            )
        for a, b in ((0, 1), (1, 2)):
            links.link_people(by=by, a=found[a], b=found[b], kind="family", **TOLD)
    return found


def at(group: CrimeGroup, **query: Any) -> str:
    page = reverse("groups:group_network", args=[group.public_id])
    return page if not query else f"{page}?{_query(query)}"


def _query(query: dict[str, Any]) -> str:
    pairs = [
        (name, one)
        for name, value in query.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    return "&".join(f"{name}={value}" for name, value in pairs)


def drawn(response: Any) -> list[str]:
    """What the nodes of the picture are called by a screen reader, in order."""
    return re.findall(r'class="app-net__node" aria-label="([^"]+)"', response.text)


def test_every_link_is_in_picture_and_table(
    client_as: SignIn, group: CrimeGroup, people: list[Nominal]
) -> None:
    response = client_as("owner_analyst").get(at(group))
    names = drawn(response)
    assert names[0] == f"Group Fictional group, {group.reference}, 3 links"
    assert [one.split(",")[0] for one in names[1:]] == [
        "Person Ashdown",
        "Person Birchall",
        "Person Cedarson",
    ]
    assert names[2].endswith("3 links")
    table = response.context["links_table"]["rows"]
    assert len(table) == 5
    assert [cell["text"].split(" (")[0] for cell in table[-1][:3]] == [
        "Birchall",
        "Family",
        "Cedarson",
    ]
    assert "Showing <strong data-net-shown>4</strong> of <strong>4</strong>" in (
        response.text
    )


def test_a_hidden_link_between_two_visible_people_is_absent(
    acting: As,
    client_as: SignIn,
    group: CrimeGroup,
    people: list[Nominal],
) -> None:
    with acting_as(system("test")):
        link = PersonLink.objects.select_related("access_class").get(a=people[0])
        own = Tag.objects.get(code="org:durham")
        requires = frozenset([*link.access_class.requires, own.pk])
        label = Label(requires, Marking(link.access_class.marking))
        PersonLink.objects.filter(pk=link.pk).update(access_class_id=intern(label))
    answers = {
        who: client_as(who).get(at(group)) for who in ("owner_analyst", "nca_officer")
    }
    shown = {
        who: len(one.context["links_table"]["rows"]) for who, one in answers.items()
    }
    assert shown == {"owner_analyst": 5, "nca_officer": 4}
    assert str(link.public_id) not in answers["nca_officer"].text
    between = {"first": people[0].public_id, "second": people[1].public_id}
    lengths = {
        who: client_as(who).get(at(group, **between)).context["path_length"]
        for who in answers
    }
    assert lengths == {"owner_analyst": 1, "nca_officer": 2}


def test_a_linked_group_that_is_hidden_is_neither_drawn_nor_counted(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        own = CrimeGroupFactory(by=by, name="Kept to ourselves", sharing="organisation")
        links.link_groups(by=by, a=group, b=own, kind="supply", **TOLD)
    assert len(drawn(client_as("owner_analyst").get(at(group)))) == 2
    answer = client_as("nca_officer").get(at(group))
    assert len(drawn(answer)) == 1
    assert answer.context["total"] == 1
    assert "Kept to ourselves" not in answer.text


def test_a_day_keeps_the_links_that_held_on_it(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup, nominal: Nominal
) -> None:
    with acting("owner_analyst"):
        memberships.add_member(
            by=by,
            group=group,
            nominal=nominal,
            dpa_category="suspect",
            from_on=datetime.date(2024, 3, 1),
            to_on=datetime.date(2024, 5, 31),
            precision="day",
            **TOLD,
        )
    client = client_as("owner_analyst")
    counts = {
        day: client.get(at(group, at=day)).context["total"]
        for day in ("2024-02-29", "2024-03-01", "2024-05-31", "2024-06-01")
    }
    assert list(counts.values()) == [1, 2, 2, 1]
    assert client.get(at(group)).context["total"] == 2


def test_sorts_of_links_can_be_left_out_and_victims_keep_their_mark(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup, people: list[Nominal]
) -> None:
    with acting("owner_analyst"):
        involvements.add_involvement(
            by=by,
            group=group,
            nominal=people[0],
            kind="victim",
            dpa_category="victim",
            **TOLD,
        )
    client = client_as("owner_analyst")
    names = drawn(client.get(at(group, without=["involved", "people"])))
    assert names[1].endswith("Victim or exploited, 1 link")
    assert len(names) == 4


def test_steps_and_expanding_reach_further(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup, people: list[Nominal]
) -> None:
    with acting("owner_analyst"):
        identifiers.record(
            by=by,
            owner=organisation(),
            nominal=people[0],
            kind="phone",
            value="07700 900123",
            sharing="force",
            **TOLD,
        )
    client = client_as("owner_analyst")
    assert client.get(at(group)).context["total"] == 4
    assert client.get(at(group, steps=2)).context["total"] == 5
    for number, total in ((0, 5), (1, 4)):
        answer = client.get(at(group, expand=people[number].public_id))
        assert answer.context["total"] == total


def test_a_hidden_node_can_be_shown_again(
    client_as: SignIn, group: CrimeGroup, people: list[Nominal]
) -> None:
    answer = client_as("owner_analyst").get(at(group, hide=people[2].public_id))
    assert len(drawn(answer)) == 3
    assert "Show the 1 hidden" in answer.text


def test_path_and_shared_neighbours(
    client_as: SignIn, group: CrimeGroup, people: list[Nominal]
) -> None:
    between = {"first": people[0].public_id, "second": people[2].public_id}
    answer = client_as("owner_analyst").get(at(group, **between))
    assert answer.context["path_length"] == 2
    shared = [row[0]["text"] for row in answer.context["shared_table"]["rows"]]
    assert [one.split(" (")[0] for one in shared] == ["Fictional group", "Birchall"]


def test_a_node_that_is_not_there_is_answered_like_one_that_is_hidden(
    client_as: SignIn, group: CrimeGroup, hidden_person: Nominal, people: list[Nominal]
) -> None:
    client = client_as("owner_analyst")
    texts = []
    for other in (hidden_person.public_id, "00000000-0000-4000-8000-000000000000"):
        answer = client.get(at(group, first=people[0].public_id, second=other))
        assert answer.status_code == 200
        assert answer.context["is_lost"]
        texts.append(_without_tokens(answer.text).replace(str(other), "*"))
    assert texts[0] == texts[1]


def _without_tokens(text: str) -> str:
    return re.sub(r'name="(csrfmiddlewaretoken|entry)" value="[^"]+"', "", text)


@pytest.mark.parametrize(
    "query",
    [
        {"steps": "9"},
        {"at": "yesterday"},
        {"without": "everything"},
        {"expand": "1"},
        {"hide": "x" * 36},
        {"first": "1; drop table"},
        {"page": "0"},
        {"page": "2"},
        {"show": "all"},
        {"name": "Ashdown"},
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused(
    client_as: SignIn, group: CrimeGroup, query: dict[str, str]
) -> None:
    assert client_as("owner_analyst").get(at(group, **query)).status_code == 400


def test_reading_a_chart_is_a_consultation_and_a_combination(
    client_as: SignIn, group: CrimeGroup, people: list[Nominal]
) -> None:
    client = client_as("owner_analyst")
    with acting_as(system("test")):
        last = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first()
    client.get(at(group))
    with acting_as(system("test")):
        rows = list(AuditEvent.objects.filter(id__gt=last or 0))
    combined = [one for one in rows if one.kind == AuditKind.COMBINATION]
    assert [(one.object_type, one.object_ids, one.detail) for one in combined] == [
        ("groups.CrimeGroup", [group.pk], {"nodes": 4, "links": 5})
    ]
    shown = {
        one.object_type: one.object_ids
        for one in rows
        if one.kind == AuditKind.CONSULTATION
    }
    assert shown["groups.Nominal"] == sorted(one.pk for one in people)
    assert len(shown["groups.PersonLink"]) == 2


def test_a_name_is_text_in_the_picture(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        one = NominalFactory(
            by=by,
            given_names="",
            surname="",
            is_identified=False,
            designation='"><script>alert(x)',
        )
        memberships.add_member(
            by=by, group=group, nominal=one, dpa_category="suspect", **TOLD
        )
    text = client_as("owner_analyst").get(at(group)).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(x)" in text
