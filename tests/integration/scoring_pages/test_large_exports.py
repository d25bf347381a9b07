"""A long list leaves as a file when a colleague says so, and not before."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.actions import large_exports
from accounts.actions.large_exports import LARGE_LINES
from accounts.middleware import _only_reads
from accounts.models import AuditEvent, LargeExport, PastedList
from accounts.roles import Role
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As, MakeUser
from tests.factories.groups import NominalFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]


def pasted(client: Client, lines: int) -> PastedList:
    text = "\n".join(f"07700 900{number:03d}" for number in range(lines))
    sent = {"lines": text, "kind": "phones"}
    assert client.post(reverse("scoring:paste"), sent).status_code == 302
    with acting_as(system("test")):
        return PastedList.objects.latest("created_at")


def taken(client: Client, kept: PastedList) -> int:
    return client.get(f"{reverse('scoring:paste_file')}?q={kept.pk}").status_code


@pytest.fixture
def colleague(make_user: MakeUser, client_as: SignIn) -> Client:
    make_user("second_supervisor", role=Role.FORCE_SUPERVISOR)
    return client_as("second_supervisor")


def test_a_short_list_leaves_at_once(client_as: SignIn) -> None:
    boss = client_as("owner_supervisor")
    assert taken(boss, pasted(boss, LARGE_LINES)) == 200


def test_short_lists_count_together_for_a_day(client_as: SignIn) -> None:
    boss = client_as("owner_supervisor")
    first, second, third = (pasted(boss, number) for number in (300, 200, 1))
    assert [taken(boss, one) for one in (first, second, third)] == [200, 200, 302]
    assert taken(boss, first) == 200, "the same list again is no more than before"
    with acting_as(system("test")):
        kept = PastedList.objects.get(pk=first.pk)
        assert kept.taken_size == 300
        long_ago = kept.taken_at - datetime.timedelta(hours=25)
        PastedList.objects.filter(pk=first.pk).update(taken_at=long_ago)
    assert taken(boss, third) == 200


def test_what_was_found_counts_where_it_is_more(
    client_as: SignIn, acting: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One common name brings every namesake."""
    monkeypatch.setattr(large_exports, "LARGE_LINES", 3)
    with acting("owner_analyst") as by:
        for _ in range(4):
            NominalFactory(by=by, given_names="Ann", surname="Qexample")
    boss = client_as("owner_supervisor")
    sent = {"lines": "Ann Qexample", "kind": "people"}
    assert boss.post(reverse("scoring:paste"), sent).status_code == 302
    with acting_as(system("test")):
        kept = PastedList.objects.latest("created_at")
    assert taken(boss, kept) == 302
    ask = reverse("scoring:ask_export", args=[kept.pk])
    shown = boss.get(ask).content.decode()
    assert "1 lines" in shown
    assert "records found" in shown
    monkeypatch.setattr(large_exports, "LARGE_LINES", 4)
    assert taken(boss, kept) == 200


def test_what_was_approved_counts_with_nothing(
    client_as: SignIn, colleague: Client
) -> None:
    boss = client_as("owner_supervisor")
    long = pasted(boss, LARGE_LINES + 1)
    boss.post(reverse("scoring:ask_export", args=[long.pk]), {"reason": "Review"})
    with acting_as(system("test")):
        export = LargeExport.objects.get()
    approve = reverse("scoring:approve_export", args=[export.public_id])
    assert colleague.post(approve, {"sure": "yes"}).status_code == 302
    assert taken(boss, long) == 200
    assert taken(boss, pasted(boss, 1)) == 200


def test_a_file_sees_the_one_of_a_moment_ago(rf: RequestFactory) -> None:
    """What is taken out waits for the lock and then reads what the other wrote."""
    assert not _only_reads(rf.get(reverse("scoring:paste_file")))
    assert _only_reads(rf.get(reverse("scoring:paste")))


def test_a_long_list_waits_for_a_colleague(
    client_as: SignIn, colleague: Client, make_user: MakeUser
) -> None:
    boss = client_as("owner_supervisor")
    kept = pasted(boss, LARGE_LINES + 1)
    assert taken(boss, kept) == 302
    ask = reverse("scoring:ask_export", args=[kept.pk])
    assert "501 lines" in boss.get(ask).content.decode()
    assert boss.post(ask, {"reason": ""}).status_code == 200
    assert boss.post(ask, {"reason": "For the review"}).status_code == 302
    assert "You asked for this list already" in (
        boss.post(ask, {"reason": "Once more"}).content.decode()
    )
    assert taken(boss, kept) == 302
    with acting_as(system("test")):
        export = LargeExport.objects.get()
    approve = reverse("scoring:approve_export", args=[export.public_id])
    assert boss.get(approve).status_code == 404
    assert client_as("nca_officer").get(approve).status_code == 404
    assert client_as("owner_analyst").get(approve).status_code == 403
    listed = colleague.get(reverse("scoring:exports")).content.decode()
    assert "For the review" in listed
    assert colleague.post(approve, {"sure": "yes"}).status_code == 302
    assert colleague.get(approve).status_code == 404
    assert taken(boss, kept) == 200
    with acting_as(system("test")):
        row = AuditEvent.objects.filter(object_type="accounts.LargeExport").latest("id")
        assert (row.kind, row.actor_id) == ("grant", make_user("second_supervisor").pk)
        assert row.reason == "For the review"


def test_what_is_declined_stays_in(client_as: SignIn, colleague: Client) -> None:
    boss = client_as("owner_supervisor")
    kept = pasted(boss, LARGE_LINES + 1)
    boss.post(reverse("scoring:ask_export", args=[kept.pk]), {"reason": "Review"})
    with acting_as(system("test")):
        export = LargeExport.objects.get()
    decline = reverse("scoring:decline_export", args=[export.public_id])
    assert colleague.post(decline, {"sure": "yes"}).status_code == 302
    assert taken(boss, kept) == 302


def test_the_list_of_another_is_not_asked_for(
    client_as: SignIn, colleague: Client
) -> None:
    boss = client_as("owner_supervisor")
    kept = pasted(boss, 3)
    assert (
        colleague.get(reverse("scoring:ask_export", args=[kept.pk])).status_code == 400
    )
