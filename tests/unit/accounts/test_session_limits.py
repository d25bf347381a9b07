"""How long a session lasts: every role has limits, and the nearer one ends it."""

from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import RIGHTS, Right, Role
from accounts.session_limits import (
    HOUR,
    LIMITS,
    MINUTE,
    WARNED_SECONDS,
    Ended,
    seconds_left,
)

SECONDS = st.integers(0, 100_000)


def test_every_role_has_limits() -> None:
    assert set(LIMITS) == set(Role)
    for limits in LIMITS.values():
        assert WARNED_SECONDS < limits.idle_seconds <= 30 * MINUTE
        assert limits.idle_seconds < limits.absolute_seconds <= 8 * HOUR


def test_who_manages_accounts_or_reads_the_audit_has_the_shorter_ones() -> None:
    usual = LIMITS[Role.FORCE_ANALYST]
    for role, rights in RIGHTS.items():
        if rights & {Right.ADMINISTER_ACCOUNTS, Right.AUDIT}:
            assert LIMITS[role].idle_seconds < usual.idle_seconds
            assert LIMITS[role].absolute_seconds < usual.absolute_seconds


@given(st.sampled_from(Role), SECONDS, SECONDS, SECONDS)
def test_it_is_over_just_when_a_limit_is_passed(
    role: Role, started: int, idle: int, more: int
) -> None:
    limits, seen = LIMITS[role], started + more
    now = seen + idle
    left, why = seconds_left(limits, started=started, seen=seen, now=now)
    is_idle = idle >= limits.idle_seconds
    is_old = now - started >= limits.absolute_seconds
    assert (left <= 0) is (is_idle or is_old)
    later, _ = seconds_left(limits, started=started, seen=seen, now=now + 1)
    assert later == left - 1
    assert why in Ended


def test_they_are_said_in_words() -> None:
    assert LIMITS[Role.FORCE_ANALYST].texts == ("30 minutes", "8 hours")
    assert LIMITS[Role.SERVICE].texts == ("15 minutes", "1 hour")
