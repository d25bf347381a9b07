"""Tokens of accounts that could read when the token was made, whatever they may now."""

from typing import Any

from accounts.actions import tokens
from accounts.models import ApiToken, User
from accounts.roles import Role


def former_token(user: User, **kwargs: Any) -> tuple[ApiToken, str]:
    """Return a token as it was made before the account got the role that it has."""
    now = user.role
    user.role = Role.PARTNER_READER
    try:
        return tokens.create(user=user, **kwargs)
    finally:
        user.role = now
