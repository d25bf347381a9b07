"""A session ends by its role's limits, by its owner, and with what it was opened for."""

import datetime
import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from accounts import tasks
from accounts.models import BrowserSession, Organisation, User
from accounts.roles import Role
from accounts.session_limits import LIMITS, MINUTE
from accounts.sessions import browser_of, network_of
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.audited import Audited
from tests.cast import PASSWORD, MakeUser

ClientAs = Callable[[str], Client]
START = datetime.datetime(2026, 11, 2, 8, 0, tzinfo=datetime.UTC)
HERE = {"Origin": "http://testserver"}
STORY = "Words that were typed before the break."


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def later(clock: time_machine.Traveller, seconds: float) -> None:
    clock.shift(seconds)


def is_in(client: Client) -> bool:
    return client.get("/shortcuts/").status_code == 200


def sessions_of(user: User) -> list[BrowserSession]:
    with acting_as(system("test")):
        return list(BrowserSession.objects.filter(user=user).order_by("started_at"))


@pytest.mark.parametrize("role", Role)
def test_it_ends_without_activity(
    role: Role,
    make_user: MakeUser,
    client_as: ClientAs,
    clock: time_machine.Traveller,
    audited: Audited,
) -> None:
    user = make_user(f"one_{role}", "durham", role)
    client, idle = client_as(f"one_{role}"), LIMITS[role].idle_seconds
    later(clock, idle - 1)
    assert is_in(client)
    later(clock, idle - 1)
    assert is_in(client)
    later(clock, idle)
    assert client.get("/api/v1/schema/").status_code == 401
    ended = client.get("/shortcuts/")
    assert ended["Location"].startswith("/accounts/login/?next=/shortcuts/")
    assert sessions_of(user) == []
    assert not is_in(client)
    assert [row.detail for row in audited(kind="sign_in")][1:] == [
        {"step": "over: idle", "sessions": 1}
    ]


@pytest.mark.parametrize("role", [Role.FORCE_ANALYST, Role.AUDITOR, Role.SERVICE])
def test_it_ends_in_spite_of_activity(
    role: Role,
    make_user: MakeUser,
    client_as: ClientAs,
    clock: time_machine.Traveller,
    audited: Audited,
) -> None:
    make_user(f"one_{role}", "durham", role)
    client, steps = client_as(f"one_{role}"), 0
    while is_in(client):
        later(clock, 10 * MINUTE)
        steps += 1
    assert steps * 10 * MINUTE == LIMITS[role].absolute_seconds
    assert audited(kind="sign_in")[-1].detail["step"] == "over: old"


def test_what_is_typed_outlasts_it(
    client_as: ClientAs, clock: time_machine.Traveller
) -> None:
    client = client_as("owner_analyst")
    later(clock, 31 * MINUTE)
    ended = client.post("/reports/new/", {"text": STORY}, headers=HERE)
    assert ended.status_code == 401
    assert "Your session has ended" in ended.content.decode()
    kept = re.findall(r'name="kept" value="([^"]+)"', ended.content.decode())[0]
    again = client.post(
        "/accounts/resume/sign-in/",
        {"kept": kept, "login": "owner_analyst@test.example", "password": PASSWORD},
        headers=HERE,
    )
    assert STORY in again.content.decode()
    assert is_in(client)


def test_what_a_page_asks_by_itself_is_no_activity(
    client_as: ClientAs, clock: time_machine.Traveller
) -> None:
    client = client_as("owner_analyst")
    for _ in range(3):
        later(clock, 10 * MINUTE - 1)
        client.get("/notices/count/", headers={"HX-Request": "true"})
    silent = {"HX-Request": "true"}
    assert client.get("/sessions/left/", headers=silent).json() == {"seconds": 3}
    assert client.get("/sessions/left/").json() == {"seconds": 30 * MINUTE}
    later(clock, 30 * MINUTE - 1)
    assert is_in(client)


def test_use_is_noted_once_a_minute(
    make_user: MakeUser, client_as: ClientAs, clock: time_machine.Traveller
) -> None:
    client, user = client_as("owner_analyst"), make_user("owner_analyst")

    def seen() -> float:
        (row,) = sessions_of(user)
        assert row.seen_at
        return (row.seen_at - START).total_seconds()

    for seconds, noted in ((59, 0), (1, 60), (59, 60), (1, 120)):
        later(clock, seconds)
        client.get("/shortcuts/")
        assert seen() == noted


def test_the_list_shows_each_and_ends_one(
    make_user: MakeUser, client_as: ClientAs, audited: Audited
) -> None:
    user = make_user("owner_analyst")
    here, there = (
        Client(HTTP_USER_AGENT="Mozilla/5.0 Firefox/140.0"),
        Client(HTTP_USER_AGENT="Mozilla/5.0 Chrome/156 Safari/5 Edg/156"),
    )
    for client, address in ((here, "192.0.2.77"), (there, "2001:db8:1:2::3")):
        client.post(
            "/accounts/login/",
            {"login": user.email, "password": PASSWORD},
            REMOTE_ADDR=address,
        )
    page = here.get("/sessions/").content.decode()
    assert "Firefox on 192.0.2.0/24" in page
    assert "Edge on 2001:db8:1::/48" in page
    key = there.cookies[settings.SESSION_COOKIE_NAME].value
    assert key not in page
    (handle,) = re.findall(r'name="session" value="([0-9a-f]+)"', page)
    stranger = client_as("owner_supervisor")
    stranger.post("/sessions/end/", {"session": handle})
    assert is_in(there)
    here.post("/sessions/end/", {"session": handle})
    assert (is_in(here), is_in(there), is_in(stranger)) == (True, False, True)
    last = audited(kind="sign_in")[-1]
    assert (last.object_ids, last.detail) == (
        [user.pk],
        {"step": "ended", "sessions": 1},
    )


def test_all_others_end_at_once(client_as: ClientAs) -> None:
    one, two, three = (client_as("owner_analyst") for _ in range(3))
    one.post("/sessions/end-others/")
    assert [is_in(client) for client in (one, two, three)] == [True, False, False]


def test_who_manages_accounts_ends_those_of_another(client_as: ClientAs) -> None:
    administrator, theirs = client_as("administrator"), client_as("owner_analyst")
    assert client_as("owner_supervisor").get("/sessions/of-account/").status_code == 403
    page = administrator.post("/sessions/of-account/", {"email": "nobody@test.example"})
    assert "There is no account" in page.content.decode()
    sent = {"email": "Owner_analyst@test.example"}
    assert administrator.post("/sessions/of-account/", sent).status_code == 302
    assert (is_in(theirs), is_in(administrator)) == (False, True)


def test_a_new_password_ends_the_others(client_as: ClientAs, audited: Audited) -> None:
    here, there = client_as("owner_analyst"), client_as("owner_analyst")
    new = "another horse battery staple"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/change/", sent).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert audited(kind="sign_in")[-1].detail == {
        "step": "ended by a new password",
        "sessions": 1,
    }


@pytest.mark.parametrize(
    ("change", "stays"),
    [
        ({"role": Role.PARTNER_READER}, False),
        ({"organisation": "nca"}, False),
        ({"clearance": 0}, False),
        ({"is_active": False}, False),
        ({"shortcuts_off": True, "last_login": START}, True),
        ({"role": Role.FORCE_ANALYST}, True),  # as it was
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_session_opened_with_other_rights_ends(
    change: dict[str, object], stays: bool, client_as: ClientAs, make_user: MakeUser
) -> None:
    client, user = client_as("owner_analyst"), make_user("owner_analyst")
    assert is_in(client)
    with acting_as(system("test")):
        if code := change.get("organisation"):
            change = {"organisation": Organisation.objects.get(code=code)}
        User.objects.filter(pk=user.pk).update(**change)
    assert is_in(client) is stays
    assert len(sessions_of(user)) == stays


def test_what_expired_is_deleted(make_user: MakeUser, client_as: ClientAs) -> None:
    user = make_user("owner_analyst")
    client_as("owner_analyst"), client_as("owner_analyst")
    gone, _ = sessions_of(user)
    with acting_as(system("test")):
        BrowserSession.objects.filter(pk=gone.pk).update(
            expire_date=timezone.now() - datetime.timedelta(seconds=1)
        )
        User.objects.filter(pk=user.pk).update(password=make_password(PASSWORD))
    tasks.forget_sessions()
    assert gone.pk not in {row.pk for row in sessions_of(user)}
    assert len(sessions_of(user)) == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("", ""),
        ("no address", ""),
    ],
)
def test_networks(address: str, network: str) -> None:
    assert network_of(address) == network


def test_browsers_that_nobody_knows_have_no_name() -> None:
    assert browser_of("curl/8") == ""
    assert browser_of("Mozilla/5.0 Chrome/156 Safari/537") == "Chrome"
    assert browser_of("Mozilla/5.0 Version/19 Safari/537") == "Safari"


def test_pages_say_when_they_end(client_as: ClientAs) -> None:
    page = client_as("owner_analyst").get("/").content.decode()
    assert 'data-idle="1800"' in page
    assert "Your sessions (idle limit: 30 minutes)" in page
    assert "data-idle" not in Client().get("/accounts/login/").content.decode()
