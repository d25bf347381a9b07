"""What is hidden makes no notice, no number and no mail, through each lock alone."""

import dataclasses
import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import AccessClass, TagHolder, User
from accounts.visibility import Label
from groups.models import CrimeGroup, SavedSearch
from ocgmap.common.db.base import DatabaseWrapper
from ocgmap.common.records import ProtectedQuerySet
from scoring import outbox
from scoring.models import Delivery, DigestChoice, Watch
from scoring.notices.mailing import send_due
from tests.cast import MakeUser
from tests.factories.scoring import ATTRIBUTES, World
from tests.factories.watches import a_member, a_report, old_group, watched
from tests.integration.scoring_pages.conftest import ClientAs, as_worker
from tests.leak.answers import masked

pytestmark = [pytest.mark.django_db, pytest.mark.leak]
SIGN_IN = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = ("/notices/", "/notices/count/", "/watching/", "/searches/", "/digest/")
# A day on which nobody was mailed yet.
LATER = timezone.now() + datetime.timedelta(days=2)


@dataclasses.dataclass
class Two:
    """Two readers of the same things: one holds the tag Z, the other does not."""

    world: World
    group: CrimeGroup
    blind: User
    knowing: User
    client_as: ClientAs

    @property
    def secret(self) -> Label:
        return self.world.label("Z")

    def shown(self, user: User) -> list[Any]:
        """Return what the reader's pages and mail say."""
        client = self.client_as(user.email.partition("@")[0])
        mail.outbox.clear()
        Delivery.objects.all().delete()
        pages = [self._plain(client, path) for path in PAGES]
        send_due(LATER)
        states = list(Delivery.objects.filter(user=user).values_list("state", "fault"))
        own = [one.body for one in mail.outbox if one.to == [user.email]]
        return [*pages, states, own]

    def _plain(self, client: Client, path: str) -> Any:
        # `until` is the moment of asking.
        status, _, text = masked(client.get(path))
        kept = [line for line in text.splitlines() if 'name="until"' not in line]
        return status, kept


@pytest.fixture
def two(as_system: Any, make_user: MakeUser, client_as: ClientAs) -> Two:
    world = World()
    blind, knowing = (make_user(name) for name in ("owner_analyst", "owner_supervisor"))
    world.tag("Z")
    TagHolder.objects.create(tag_id=world.tag("Z"), user=knowing)
    group = old_group(world, name="Pier crew")
    member = a_member(world, group, hours=30)
    a_report(world, group=group, hours=1)
    outbox.drain_until_empty(seconds=60)
    for user in (blind, knowing):
        watched(user, group=group)
        watched(user, nominal=member.nominal)
        DigestChoice.objects.create(user=user, hour=0)
    Watch.objects.update(read_until=timezone.now() - datetime.timedelta(hours=2))
    return Two(world, group, blind, knowing, client_as)


@pytest.fixture(params=["both", "first", "second"])
def lock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Leave both locks on, or one of them alone."""
    if request.param == "first":
        monkeypatch.setattr(DatabaseWrapper, "apply_scope", as_worker)
    if request.param == "second":
        monkeypatch.setattr(ProtectedQuerySet, "visible_to", lambda self, viewer: self)
        monkeypatch.setattr("scoring.notices.records.visible_classes", _every_class)
    return str(request.param)


def _every_class(viewer: Any) -> list[int]:
    return list(AccessClass.objects.values_list("pk", flat=True))


def hidden_report(two: Two) -> None:
    a_report(two.world, two.secret, group=two.group)


def hidden_report_on_the_person(two: Two) -> None:
    person = Watch.objects.exclude(nominal=None).first()
    assert person
    a_report(two.world, two.secret, nominal=person.nominal)


def hidden_member(two: Two) -> None:
    a_member(two.world, two.group, two.secret)


def hidden_member_left(two: Two) -> None:
    member = a_member(two.world, two.group, two.secret, hours=30)
    member.to_on = timezone.localdate()
    member.save()


def hidden_search_match(two: Two) -> None:
    two.world.group(two.secret)


EVENTS = (
    hidden_report,
    hidden_report_on_the_person,
    hidden_member,
    hidden_member_left,
    hidden_search_match,
)


def watch_a_search(two: Two) -> None:
    """Let both watch a search that finds every group, and has found those there are."""
    saved = SavedSearch.objects.create(
        owner=two.group.owner,
        access_class=two.group.access_class,
        kind="groups",
        name="All",
        audience="team",
        query={"scope": ["national"], "state": ["any"]},
    )
    found = list(CrimeGroup.objects.values_list("pk", flat=True))
    for user in (two.blind, two.knowing):
        watched(user, search=saved, found=found)


@pytest.mark.parametrize("event", EVENTS, ids=lambda one: one.__name__)
def test_a_hidden_event_is_told_to_those_who_may_see_it_alone(
    event: Callable[[Two], None], two: Two, lock: str
) -> None:
    watch_a_search(two)
    blind, knowing = two.shown(two.blind), two.shown(two.knowing)
    assert "You have 1 notice " in blind[-1][0]
    event(two)
    outbox.drain_until_empty(seconds=60)
    assert two.shown(two.blind) == blind
    after = two.shown(two.knowing)
    assert after[0] != knowing[0], "the test must be able to see the difference"


def test_a_band_that_moved_by_hidden_claims_is_told_to_those_alone(
    two: Two, lock: str
) -> None:
    Watch.objects.update(read_until=timezone.now())
    blind = two.shown(two.blind)
    for attribute in ATTRIBUTES:
        two.world.claim(two.group, two.secret, attribute=attribute)
    outbox.drain_until_empty(seconds=60)
    assert two.shown(two.blind) == blind
    assert "Computed band" in str(two.shown(two.knowing)[0])


def test_what_becomes_hidden_is_as_if_it_had_never_been_watched(
    two: Two, lock: str
) -> None:
    person = Watch.objects.exclude(nominal=None).first()
    assert person
    assert person.nominal
    assert "Pier crew" in str(two.shown(two.blind))
    secret = two.world.class_id(two.secret)
    CrimeGroup.objects.filter(pk=two.group.pk).update(access_class_id=secret)
    type(person.nominal).objects.filter(pk=person.nominal_id).update(
        access_class_id=secret
    )
    hidden = two.shown(two.blind)
    Watch.objects.filter(user=two.blind).delete()
    assert two.shown(two.blind) == hidden
    assert hidden[-1] == []
    assert "Pier crew" in str(two.shown(two.knowing))


def test_what_is_hidden_for_a_while_comes_back_without_its_hidden_time(
    two: Two,
) -> None:
    before = two.shown(two.blind)
    label = two.group.access_class_id
    secret = two.world.class_id(two.secret)
    CrimeGroup.objects.filter(pk=two.group.pk).update(access_class_id=secret)
    CrimeGroup.objects.filter(pk=two.group.pk).update(activity_status="dormant")
    CrimeGroup.objects.filter(pk=two.group.pk).update(activity_status="active")
    CrimeGroup.objects.filter(pk=two.group.pk).update(access_class_id=label)
    after = two.shown(two.blind)
    assert "Activity" not in str(after[0])
    assert "Who may see it" not in str(after[0])
    assert "1 new report" in str(before[0])
    assert "1 new report" not in str(after[0]), "its mention stays as strict as it was"


def test_a_change_of_who_may_see_it_is_told_while_both_are_seen(two: Two) -> None:
    two.group.access_class_id = two.world.class_id(Label(frozenset(), 2))
    two.group.save()
    for user in (two.blind, two.knowing):
        assert "Who may see it changed" in str(two.shown(user)[0])


def test_a_watch_cannot_be_laid_on_what_is_hidden_nor_for_another(
    two: Two, client_as: ClientAs
) -> None:
    hidden = two.world.group(two.secret)
    step = f"/watching/groups/{hidden.public_id}/add/"
    absent = "/watching/groups/0a0a0a0a-0b0b-4c0c-8d0d-0e0e0e0e0e0e/add/"
    client = client_as("owner_analyst")
    of_hidden, of_absent = client.post(step), client.post(absent)
    assert of_hidden.status_code == of_absent.status_code == 404
    assert not Watch.objects.filter(group=hidden).exists()
