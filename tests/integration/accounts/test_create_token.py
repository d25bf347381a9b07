"""`manage.py create_token`, and the task that keeps the audit's partitions."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts import tasks
from accounts.actions import tokens
from accounts.models import ApiToken, User
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.audited import Audited
from tests.cast import MakeUser


def create(*args: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("create_token", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_token_is_printed_once_and_works(make_user: MakeUser, audited: Audited) -> None:
    user = make_user("owner_analyst")
    out, err = create(
        "--user",
        user.email.upper(),
        "--scopes",
        "intel:submit,intel:read",
        "--days",
        "7",
        "--networks",
        "10.0.0.0/8,192.0.2.1",
        "--name",
        "Case system",
    )
    text = out.strip()
    assert "\n" not in text
    assert text not in err
    with acting_as(system("test")):
        token = tokens.authenticate(f"Bearer {text}", address="10.1.2.3")
        assert token.user == user
        assert token.scopes == ["intel:read", "intel:submit"]
        assert token.networks == ["10.0.0.0/8", "192.0.2.1/32"]
        assert token.name == "Case system"
        assert abs(token.expires_at - timezone.now() - timedelta(days=7)) < timedelta(
            minutes=1
        )
        assert [row.object_ids for row in audited(kind="grant")] == [[token.pk]]
        assert text.partition(".")[2] not in str(vars(token))


def test_scopes_may_stand_apart(make_user: MakeUser) -> None:
    user = make_user("owner_analyst")
    create("--user", user.email, "--scopes", "intel:read", "score:read")
    with acting_as(system("test")):
        assert ApiToken.objects.get().scopes == ["intel:read", "score:read"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--scopes", "everything"], "Choose one or more scopes"),
        (["--scopes", ","], "Choose one or more scopes"),
        (["--scopes", "intel:read", "--days", "91"], "1 to 90 days"),
        (["--scopes", "intel:read", "--days", "0"], "1 to 90 days"),
        (["--scopes", "intel:read", "--networks", "here"], "CIDR"),
    ],
)
def test_what_is_wrong_makes_no_token(
    make_user: MakeUser, args: list[str], words: str
) -> None:
    user = make_user("owner_analyst")
    with pytest.raises(CommandError, match=words) as caught:
        create("--user", user.email, *args)
    assert caught.value.returncode == 2
    with acting_as(system("test")):
        assert not ApiToken.objects.exists()


def test_unknown_account_makes_no_token(db: None) -> None:
    with pytest.raises(CommandError, match="no account") as caught:
        create("--user", "nobody@test.example", "--scopes", "intel:read")
    assert caught.value.returncode == 2


@pytest.mark.parametrize("who", ["auditor", "administrator", "owner_analyst"])
def test_account_that_could_never_use_it_gets_no_token(
    make_user: MakeUser, who: str
) -> None:
    user = make_user(who)
    if who == "owner_analyst":
        with acting_as(system("test")):
            User.objects.filter(pk=user.pk).update(is_active=False)
    words = "is closed" if who == "owner_analyst" else "may not read intelligence"
    with pytest.raises(CommandError, match=words) as caught:
        create("--user", user.email, "--scopes", "intel:read")
    assert caught.value.returncode == 2
    with acting_as(system("test")):
        assert not ApiToken.objects.exists()


def test_audit_partitions_are_made_and_a_second_run_makes_none(db: None) -> None:
    def known() -> set[str]:
        with acting_as(system("test")), connection.cursor() as cursor:
            cursor.execute(
                "select inhrelid::regclass::text from pg_inherits "
                "where inhparent = 'accounts_auditevent'::regclass"
            )
            return {row[0] for row in cursor.fetchall()}

    tasks.ensure_audit_partitions()
    made = known()
    tasks.ensure_audit_partitions()
    assert known() == made
    assert f"accounts_auditevent_{timezone.now():%Y_%m}" in made
