"""`manage.py revoke_token`: a token is taken back, by someone and for a reason."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.actions import tokens
from accounts.exceptions import TokenRefused
from accounts.models import ApiToken
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.audited import Audited
from tests.cast import MakeUser


@pytest.fixture
def made(make_user: MakeUser) -> tuple[ApiToken, str]:
    """A token of an analyst, and its text."""
    make_user("administrator")
    with acting_as(system("test")):
        return tokens.create(user=make_user("owner_analyst"), scopes=["intel:read"])


def revoke(*words: str) -> str:
    out = io.StringIO()
    call_command("revoke_token", *words, stdout=out)
    return out.getvalue()


BY = ("--by", "Administrator@test.example")
WHY = ("--reason", "The laptop was lost")


@pytest.mark.parametrize("is_whole", [False, True], ids=["prefix", "whole token"])
def test_its_next_call_is_refused(
    made: tuple[ApiToken, str], make_user: MakeUser, audited: Audited, is_whole: bool
) -> None:
    token, text = made
    said = revoke(text if is_whole else token.prefix, *BY, *WHY)
    assert token.prefix in said
    assert text.partition(".")[2] not in said
    administrator = make_user("administrator")
    with acting_as(system("test")):
        with pytest.raises(TokenRefused, match="revoked"):
            tokens.authenticate(f"Bearer {text}", address="")
        token.refresh_from_db()
        assert token.revoked_at
        assert token.revoked_by_id == administrator.pk
    [row] = audited(kind="alteration", object_type="accounts.ApiToken")
    assert (row.object_ids, row.actor_id) == ([token.pk], administrator.pk)
    assert row.reason == "The laptop was lost"
    assert row.detail == {"step": "revoked", "account": token.user_id}


@pytest.mark.parametrize(
    ("by", "reason", "words"),
    [
        ("owner_analyst@test.example", "Lost", "may not manage accounts"),
        ("nobody@test.example", "Lost", "no account"),
        ("administrator@test.example", " ", "Say why"),
    ],
)
def test_what_is_wrong_revokes_nothing(
    made: tuple[ApiToken, str], audited: Audited, by: str, reason: str, words: str
) -> None:
    token, _ = made
    with pytest.raises(CommandError, match=words) as caught:
        revoke(token.prefix, "--by", by, "--reason", reason)
    assert caught.value.returncode == 2
    with acting_as(system("test")):
        token.refresh_from_db()
    assert token.revoked_at is None
    assert audited(kind="alteration") == []


def test_a_token_is_revoked_once_and_must_be_one(made: tuple[ApiToken, str]) -> None:
    revoke(made[0].prefix, *BY, *WHY)
    with pytest.raises(CommandError, match="revoked already"):
        revoke(made[0].prefix, *BY, *WHY)
    with pytest.raises(CommandError, match="no token"):
        revoke("abcdefabcdef", *BY, *WHY)
