"""Every read leaves a row: consulted where it is one's own, disclosed where not."""

from collections.abc import Callable

import pytest

from accounts.models import AuditEvent, Organisation
from accounts.models.audit_event import AuditKind
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.integration.api.conftest import Caller, Shelf

pytestmark = pytest.mark.django_db

Audited = Callable[[str], list[AuditEvent]]
RESOURCES = {
    "groups": ("group", "groups.CrimeGroup"),
    "nominals": ("nominal", "groups.Nominal"),
    "memberships": ("membership", "groups.Membership"),
    "involvements": ("involvement", "groups.Involvement"),
    "reports": ("report", "intelligence.Report"),
}


@pytest.fixture
def shelf(shelf_of: Callable[..., Shelf]) -> Shelf:
    return shelf_of("owner_analyst", "durham")


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize(
    ("who", "kind"),
    [
        ("owner_analyst", AuditKind.CONSULTATION),
        ("nca_officer", AuditKind.DISCLOSURE),
    ],
)
def test_lists_and_details_are_audited(
    resource: str,
    who: str,
    kind: AuditKind,
    shelf: Shelf,
    call_as: Callable[..., Caller],
    audited: Audited,
) -> None:
    name, label = RESOURCES[resource]
    row = getattr(shelf, name)
    caller = call_as(who)
    before = len(audited(label))
    for address in (f"/{resource}/?owner=durham", f"/{resource}/{row.public_id}/"):
        assert caller.get(address).status_code == 200
    listed, single = audited(label)[before:]
    assert listed.kind == single.kind == kind
    assert row.pk in listed.object_ids
    assert single.object_ids == [row.pk]
    assert listed.route == f"GET /api/v1/{resource}/"
    assert listed.detail["query"] == {"owner": ["durham"]}
    with acting_as(system("test")):
        recipient = Organisation.objects.get(code="nca").pk
    disclosed = {"recipient": recipient} if kind == AuditKind.DISCLOSURE else {}
    assert single.detail == disclosed


def test_memberships_also_disclose_the_people(
    shelf: Shelf, call_as: Callable[..., Caller], audited: Audited
) -> None:
    call_as("nca_officer").json("/memberships/")
    [row] = [
        event
        for event in audited("groups.Nominal")
        if event.kind == AuditKind.DISCLOSURE
    ]
    assert row.object_ids == [shelf.nominal.pk]


def test_the_text_of_a_search_is_not_audited(
    shelf: Shelf, call_as: Callable[..., Caller], audited: Audited
) -> None:
    caller = call_as("owner_analyst")
    page = caller.post("/groups/search/", {"text": "yard crew"}).json()
    caller.json(f"/groups/?q={page['search']}")
    events = audited("groups.CrimeGroup")
    assert events[-1].object_ids == events[-2].object_ids == [shelf.group.pk]
    assert "yard" not in str([event.detail for event in events]).lower()


def test_a_refusal_is_audited_and_shows_nothing(
    shelf: Shelf, call_as: Callable[..., Caller], audited: Audited
) -> None:
    caller = call_as("other_analyst")
    before = len(audited("groups.CrimeGroup"))
    assert caller.get(f"/groups/{shelf.group.public_id}/").status_code == 404
    assert len(audited("groups.CrimeGroup")) == before
    [refusal] = [
        event for event in audited("request") if event.kind == AuditKind.REFUSAL
    ]
    assert refusal.detail == {"status": 404}


def test_the_request_id_joins_answer_and_audit(
    shelf: Shelf, call_as: Callable[..., Caller], audited: Audited
) -> None:
    response = call_as("owner_analyst").get(f"/groups/{shelf.group.public_id}/")
    assert str(audited("groups.CrimeGroup")[-1].request_id) == response["X-Request-ID"]
