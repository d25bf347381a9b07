"""What is guessed soon is refused, without asking anybody outside."""

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import (
    get_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError

from accounts.models import User

PERSON = User(email="margaret.blackwood@durham.example", name="Margaret Blackwood")


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password123456789",
        "qwertyuiopasdfghjkl",
        "1234567890123456",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "P@ssw0rdP@ssw0rd",
        "margaretblackwood1",
        "blackwood@durham",
        "policepolicepolice",
    ],
)
def test_what_is_guessed_soon_is_refused(password: str) -> None:
    assert len(password) >= 15
    with pytest.raises(ValidationError, match=r"guessed soon|too common"):
        validate_password(password, PERSON)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "four-quiet-harbours",
        "Zl9#vq2Lm!x07Rp_",
        "a" * 10 + " lamp orchard violet thunder " + "z" * 200,
    ],
)
def test_what_is_not_is_taken(password: str) -> None:
    validate_password(password, PERSON)


def test_short_ones_are_refused_whatever_they_are() -> None:
    with pytest.raises(ValidationError, match="at least 15"):
        validate_password("Zl9#vq2Lm!x07R", PERSON)


def test_the_settings_name_it() -> None:
    names = [
        type(one).__name__
        for one in get_password_validators(settings.AUTH_PASSWORD_VALIDATORS)
    ]
    assert "GuessablePasswordValidator" in names
    assert PBKDF2PasswordHasher.__name__ not in str(settings.PASSWORD_HASHERS)
