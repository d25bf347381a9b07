"""One record is shown to who asks, by its owner, for an hour; asking tells nothing."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions.labels import intern, join_of
from accounts.models import AuditEvent, Tag, TagHolder
from accounts.models.access_class import TagKind
from accounts.visibility import Label, Viewer
from groups.exceptions import ApprovalNeeded, InvalidRecord
from groups.models import CrimeGroup
from intelligence.actions import sight
from intelligence.models import SightMatch, SightRequest
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import InvalidTransition, NotFound
from ocgmap.common.identifiers import new_group_reference
from ocgmap.common.scope import system
from tests.cast import As, MakeUser
from tests.factories.groups import CrimeGroupFactory, NominalFactory

pytestmark = pytest.mark.django_db

Find = Callable[[str], Viewer]
SignIn = Callable[[str], Client]
TIME = re.compile(r"<time.*?</time>")


@pytest.fixture
def group(acting: As, by: Viewer) -> CrimeGroup:
    """A group of Durham's that West Yorkshire does not see."""
    with acting("owner_analyst"):
        return CrimeGroupFactory(by=by, name="Fictional group", lead_officer="DI Ash")


def asked(other: Viewer, reference: str) -> SightRequest:
    return sight.ask(by=other, reference=reference, reason="At the door")


def matched(request: SightRequest) -> SightMatch:
    with acting_as(system("test")):
        return SightMatch.objects.get(request=request)


def granted(by: Viewer, match: SightMatch) -> SightMatch:
    return sight.grant(by=by, match=match, version=1, reason="Threat to life")


def test_the_owner_shows_one_record_for_an_hour_to_who_asked(
    group: CrimeGroup, acting: As, viewer: Find, make_user: MakeUser
) -> None:
    other, boss = viewer("other_analyst"), viewer("owner_supervisor")
    with acting("other_analyst"):
        request = asked(other, group.reference.lower())
        with pytest.raises(NotFound):
            sight.given(by=other, request=request)
        assert not SightMatch.objects.exists()
    match = matched(request)
    with acting("owner_supervisor"):
        assert not SightRequest.objects.exists()
        done = granted(boss, match)
        with pytest.raises(InvalidTransition):
            sight.decline(by=boss, match=done, version=done.version, reason="No")
    with acting("other_analyst"):
        shown = sight.given(by=other, request=request)
        assert shown["record"]["name"] == "Fictional group"
        assert shown["record"]["officer"] == "DI Ash"
        assert not CrimeGroup.objects.visible_to(other).exists()
    third = viewer("region_analyst")
    with acting("region_analyst"), pytest.raises(NotFound):
        sight.given(by=third, request=request)
    with acting_as(system("test")):
        kinds = AuditEvent.objects.filter(
            object_type="groups.CrimeGroup", object_ids=[group.pk]
        ).order_by("-id")
        assert list(kinds.values_list("kind", flat=True)[:2]) == [
            "consultation",
            "grant",
        ]
        SightMatch.objects.filter(pk=match.pk).update(
            until_at=timezone.now() - datetime.timedelta(seconds=1)
        )
    with acting("other_analyst"), pytest.raises(NotFound):
        sight.given(by=other, request=request)


def test_what_is_raised_meanwhile_is_not_shown(
    group: CrimeGroup, acting: As, viewer: Find, make_user: MakeUser
) -> None:
    other, boss = viewer("other_analyst"), viewer("owner_supervisor")
    with acting("other_analyst"):
        request = asked(other, group.reference)
    with acting("owner_supervisor"):
        granted(boss, matched(request))
    with acting_as(system("test")):
        tag = Tag.objects.create(
            code="compartment:desk",
            name="Desk",
            kind=TagKind.COMPARTMENT,
            takes_referrals=True,
        )
        in_desk = intern(Label(frozenset({tag.pk})))
        group.access_class_id = join_of([group.access_class_id, in_desk])
        group.save(update_fields=["access_class"])
    with acting("other_analyst"), pytest.raises(NotFound):
        sight.given(by=other, request=request)


def test_a_record_in_a_compartment_is_shown_to_nobody(
    acting: As, viewer: Find, make_user: MakeUser
) -> None:
    with acting_as(system("test")):
        tag = Tag.objects.create(
            code="compartment:cell", name="Cell", kind=TagKind.COMPARTMENT
        )
        TagHolder.objects.create(tag=tag, user=make_user("owner_supervisor"))
    boss, other = viewer("owner_supervisor"), viewer("other_analyst")
    with acting("owner_supervisor"):
        hidden = CrimeGroupFactory(by=boss, compartments=[tag.pk])
    with acting("other_analyst"):
        request = asked(other, hidden.reference)
    with acting("owner_supervisor"), pytest.raises(ApprovalNeeded):
        granted(boss, matched(request))
    analyst = viewer("owner_analyst")
    with acting("owner_analyst"), pytest.raises(NotFound):
        granted(analyst, matched(request))


def test_asking_tells_nothing(
    group: CrimeGroup, client_as: SignIn, acting: As, by: Viewer
) -> None:
    other = client_as("other_analyst")
    pages = []
    for reference in (group.reference, new_group_reference()):
        sent = {"reference": reference, "reason": "At the door"}
        answer = other.post(reverse("intelligence:ask_sight"), sent, follow=True)
        text = answer.content.decode()
        with acting_as(system("test")):
            request = SightRequest.objects.get(reference=reference)
        shown = other.get(reverse("intelligence:sight", args=[request.public_id]))
        assert shown.status_code == 200
        pages.append((reference, str(request.public_id), text, shown.content.decode()))
    told = [
        [text.replace(reference, "*").count("recorded"), "is told" in text]
        for reference, _, text, _ in pages
    ]
    assert told[0] == told[1]
    first, second = (
        TIME.sub(
            "*", shown.replace(reference, "*").split("<main")[1].split("</main")[0]
        )
        for reference, _, _, shown in pages
    )
    assert first == second


def test_the_pages_of_the_owner(
    group: CrimeGroup, client_as: SignIn, make_user: MakeUser
) -> None:
    other = client_as("other_analyst")
    sent = {"reference": group.reference, "reason": "At the door"}
    other.post(reverse("intelligence:ask_sight"), sent)
    boss = client_as("owner_supervisor")
    listed = boss.get(reverse("intelligence:sight_to_decide")).content.decode()
    assert "At the door" in listed
    assert "Other Analyst" in listed
    with acting_as(system("test")):
        match = SightMatch.objects.select_related("request").get()
    show = reverse("intelligence:grant_sight", args=[match.public_id])
    assert other.get(show).status_code == 404
    assert client_as("owner_analyst").get(show).status_code == 403
    assert boss.post(show, {"version": 1, "reason": "Agreed"}).status_code == 302
    page = reverse("intelligence:sight", args=[match.request.public_id])
    assert "Fictional group" in other.get(page).content.decode()
    assert boss.get(page).status_code == 404
    assert other.get(reverse("intelligence:sight_requests")).status_code == 200


def test_a_person_is_shown_too(acting: As, viewer: Find, by: Viewer) -> None:
    with acting("owner_analyst"):
        person = NominalFactory(by=by)
    other, boss = viewer("other_analyst"), viewer("owner_supervisor")
    with acting("other_analyst"):
        request = asked(other, person.reference)
    with acting("owner_supervisor"):
        granted(boss, matched(request))
    with acting("other_analyst"):
        shown = sight.given(by=other, request=request)["record"]
    assert (shown["kind"], shown["name"]) == ("person", person.display_name)


@pytest.mark.parametrize(
    ("reference", "reason", "field"),
    [
        ("G-0000-0000-1", "At the door", "reference"),
        ("larch", "At the door", "reference"),
        (new_group_reference(), " ", "reason"),
    ],
    ids=["slip", "name", "no reason"],
)
def test_what_cannot_be_asked(
    acting: As, viewer: Find, reference: str, reason: str, field: str
) -> None:
    other = viewer("other_analyst")
    with acting("other_analyst"), pytest.raises(InvalidRecord) as refused:
        sight.ask(by=other, reference=reference, reason=reason)
    assert refused.value.field == field


def test_nobody_asks_without_end(acting: As, viewer: Find) -> None:
    other = viewer("other_analyst")
    with acting("other_analyst"):
        for _ in range(sight.MOST_A_DAY):
            asked(other, new_group_reference())
        with pytest.raises(InvalidRecord):
            asked(other, new_group_reference())
