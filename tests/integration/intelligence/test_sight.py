"""One record is shown to who asks, by its owner, for an hour; asking tells nothing."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions.labels import intern, join_of
from accounts.models import AuditEvent, Organisation, Tag, TagHolder
from accounts.models.access_class import TagKind
from accounts.models.organisation import Kind
from accounts.roles import Role
from accounts.visibility import Label, Viewer
from groups.actions import transfers
from groups.exceptions import ApprovalNeeded, InvalidRecord
from groups.models import CrimeGroup
from intelligence.actions import sharing, sight
from intelligence.models import Report, SightMatch, SightRequest
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import InvalidTransition, NotFound
from ocgmap.common.identifiers import new_group_reference
from ocgmap.common.scope import system
from tests.cast import As, MakeUser
from tests.factories.groups import CrimeGroupFactory, NominalFactory, organisation
from tests.factories.intelligence import ReportFactory

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


def test_a_record_in_a_compartment_is_refused_before_anything_is_typed(
    acting: As, viewer: Find, make_user: MakeUser, client_as: SignIn
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
        match = matched(asked(other, hidden.reference))
    client = client_as("owner_supervisor")
    show = reverse("intelligence:grant_sight", args=[match.public_id])
    assert "The record is in a compartment" in client.get(show, follow=True).text
    answer = client.post(show, {"version": 1, "reason": "Typed with care"})
    assert answer.status_code == 200
    assert "The record is in a compartment" in answer.text
    assert "Typed with care" in answer.text
    decline = reverse("intelligence:decline_sight", args=[match.public_id])
    assert client.get(decline).status_code == 200


RECEIVE = {
    "originator_only": set(),
    "force_rocu_nca": {"rocu_lead", "nca_officer"},
    "region": {"rocu_lead", "nca_officer", "region_analyst"},
    "uk_law_enforcement": {
        *("rocu_lead", "nca_officer", "region_analyst", "other_analyst")
    },
}
ASKERS = ("rocu_lead", "nca_officer", "region_analyst", "other_analyst", "partner")


@pytest.mark.parametrize("who", ASKERS)
@pytest.mark.parametrize("recipients", RECEIVE)
def test_a_report_is_shown_to_whom_its_handling_condition_allows(
    recipients: str, who: str, acting: As, viewer: Find, make_user: MakeUser
) -> None:
    with acting_as(system("test")):
        partner = Organisation.objects.filter(kind=Kind.PARTNER).order_by("pk").first()
        assert partner is not None
        make_user("partner", partner.code, Role.PARTNER_READER)
        report = ReportFactory(
            sharing="organisation",
            handling="C",
            handling_condition={"recipients": recipients, "note": "By phone only"},
        )
        report.refresh_from_db()
    other, boss = viewer(who), viewer("owner_supervisor")
    with acting(who):
        assert not Report.objects.visible_to(other).exists()
        request = asked(other, report.reference)
    match = matched(request)
    with acting("owner_supervisor"):
        if who in RECEIVE[recipients]:
            granted(boss, match)
        else:
            with pytest.raises(ApprovalNeeded) as refused:
                granted(boss, match)
            assert refused.value.field == "reason"
    with acting_as(system("test")):
        # Whatever was granted: the database asks again.
        SightMatch.objects.filter(pk=match.pk).update(
            state="granted",
            until_at=timezone.now() + sight.OPEN_FOR,
            decided_at=timezone.now(),
            decided_by_id=boss.user_id,
        )
    with acting(who):
        if who in RECEIVE[recipients]:
            shown = sight.given(by=other, request=request)["record"]
            assert shown["condition"]["note"] == "By phone only"
        else:
            with pytest.raises(NotFound):
                sight.given(by=other, request=request)


def test_both_read_the_handling_condition(
    acting: As, viewer: Find, client_as: SignIn
) -> None:
    with acting_as(system("test")):
        report = ReportFactory(
            handling="C",
            handling_condition={
                "recipients": "uk_law_enforcement",
                "note": "By phone only",
            },
        )
        report.refresh_from_db()
    other = viewer("other_analyst")
    with acting("other_analyst"):
        request = asked(other, report.reference)
    boss = client_as("owner_supervisor")
    show = reverse("intelligence:grant_sight", args=[matched(request).public_id])
    assert "All UK law enforcement: By phone only" in boss.get(show).text
    assert boss.post(show, {"version": 1, "reason": "Agreed"}).status_code == 302
    page = reverse("intelligence:sight", args=[request.public_id])
    text = client_as("other_analyst").get(page).text
    assert "All UK law enforcement: By phone only" in text


def test_what_waits_goes_with_the_group_to_its_new_owner(
    acting: As, by: Viewer, viewer: Find, make_user: MakeUser, client_as: SignIn
) -> None:
    make_user("north", "northumbria", Role.FORCE_SUPERVISOR)
    with acting("owner_analyst"):
        group = CrimeGroupFactory(by=by, sharing="region")
        group.refresh_from_db()
        proposal = sharing.change(
            by=by, record=group, version=1, sharing="all_forces", reason="Joint work"
        )
        assert proposal is not None
    other, north = viewer("other_analyst"), viewer("north")
    with acting("other_analyst"):
        request = asked(other, group.reference)
    match = matched(request)
    with acting("owner_analyst"):
        transfer = transfers.propose(
            by=by,
            group=group,
            receiver=organisation("northumbria"),
            reason="They moved",
        )
    with acting("north"):
        transfers.accept(by=north, transfer=transfer, version=1, reason="Agreed")
    client = client_as("north")
    listed = client.get(reverse("intelligence:sight_to_decide")).text
    assert "At the door" in listed
    waiting = client.get(reverse("intelligence:sharing_waiting")).text
    assert "Joint work" in waiting
    show = reverse("intelligence:grant_sight", args=[match.public_id])
    assert client_as("owner_supervisor").get(show).status_code == 403
    version = client.get(show).context["form"]["version"].value()
    sent = {"version": version, "reason": "Agreed"}
    assert client.post(show, sent).status_code == 302
    with acting("other_analyst"):
        shown = sight.given(by=other, request=request)
        assert shown["owner"] == organisation("northumbria").short_name
    with acting("north"):
        proposal.refresh_from_db()
        sharing.decline(
            by=north, change=proposal, version=proposal.version, reason="No need"
        )


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
