"""API tokens: made once, shown once, checked in constant time."""

import datetime
import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone

from accounts import audit
from accounts.exceptions import OfficerMissing, TokenRefused
from accounts.models import ApiToken, User
from accounts.models.api_token import TokenScope
from accounts.models.audit_event import AuditKind
from accounts.roles import RIGHTS, Right, Role
from ocgmap.common.errors import AppError

PREFIX = "ocgm"
LONGEST_DAYS = 90
OFFICER_HEADER = "X-On-Behalf-Of"
_OFFICER = re.compile(r"[A-Za-z0-9][A-Za-z0-9.@_'-]{1,59}")
TOUCHED_EVERY = datetime.timedelta(minutes=1)


def _digest(secret: str) -> str:
    return hmac.new(
        settings.TOKEN_PEPPER.encode(), secret.encode(), hashlib.sha256
    ).hexdigest()


def create(
    *,
    user: User,
    scopes: Iterable[str],
    days: int = LONGEST_DAYS,
    networks: Iterable[str] = (),
    name: str = "",
    is_interactive: bool = False,
) -> tuple[ApiToken, str]:
    """Make a token for ``user`` and return it with its text, which is shown only now.

    ``is_interactive`` says that people work through it: each call must name one.

    Raises:
        AppError: a scope is unknown, a network is not one, the life is too long, or
            the account could never use a token.
    """
    _check_can_use(user)
    wanted = sorted(set(scopes))
    known = [str(scope) for scope in TokenScope]
    if not wanted or not set(wanted) <= set(known):
        raise AppError(
            f"Choose one or more scopes from: {', '.join(known)}.", field="scopes"
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise AppError(f"A token lives 1 to {LONGEST_DAYS} days.", field="days")
    try:
        allowed = [str(ipaddress.ip_network(network)) for network in networks]
    except ValueError as error:
        raise AppError(f"Write networks as CIDR: {error}.", field="networks") from error
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=prefix,
        digest=_digest(secret),
        scopes=wanted,
        is_interactive=is_interactive,
        networks=allowed,
        expires_at=timezone.now() + datetime.timedelta(days=days),
    )
    audit.record(AuditKind.GRANT, "accounts.ApiToken", [token.pk])
    return token, f"{PREFIX}_{prefix}.{secret}"


def _check_can_use(user: User) -> None:
    if not user.is_active:
        raise AppError(
            f"The account {user.email} is closed, so no token of its would be taken. "
            "Open the account first.",
            field="user",
        )
    if Right.VIEW not in RIGHTS[Role(user.role)]:
        raise AppError(
            f"The role “{user.get_role_display()}” may not read intelligence, so the "
            "API would refuse every request. Choose another account.",
            field="user",
        )


def authenticate(header: str, *, address: str) -> ApiToken:
    """Return the token that an Authorization header carries.

    Raises:
        TokenRefused: not a bearer token of ours, unknown, expired, revoked, its
            account is closed, or the address is outside its networks. It names the
            token where the secret was right.
    """
    kind, _, text = header.partition(" ")
    marker, _, rest = text.strip().partition("_")
    prefix, _, secret = rest.partition(".")
    if kind.lower() != "bearer" or marker != PREFIX or not secret:
        raise TokenRefused("Send the header `Authorization: Bearer ocgm_….…`.")
    token = (
        ApiToken.objects.select_related("user__organisation")
        .filter(prefix=prefix)
        .first()
    )
    expected = token.digest if token else _digest(prefix)
    matches = hmac.compare_digest(expected, _digest(secret))
    is_its_own = token is not None and matches
    if token is None or not matches or not _is_live(token, address):
        raise TokenRefused(
            "This token is unknown, expired, revoked, or not for this network. "
            "Ask an administrator for a new one.",
            token=token if is_its_own else None,
        )
    return token


def officer_of(token: ApiToken, said: str) -> str:
    """Return the id of the officer for whom the call is made; '' if it names none.

    Raises:
        OfficerMissing: people work through the token and none is named, or what is
            named is no id.
    """
    officer = said.strip()
    if officer and not _OFFICER.fullmatch(officer):
        raise OfficerMissing(
            f"{OFFICER_HEADER} must be the officer's id of 2 to 60 letters, digits and "
            ". @ _ ' - with no space.",
            token=token,
        )
    if token.is_interactive and not officer:
        raise OfficerMissing(
            f"This token is used by people. Send the header {OFFICER_HEADER} with the "
            "id of the officer for whom the call is made.",
            token=token,
        )
    return officer


def revoke(*, token: ApiToken, by: User, reason: str) -> None:
    """Take a token back for good: its next call is refused.

    Raises:
        AppError: ``by`` may not manage accounts, there is no reason, or it was revoked.
    """
    if not by.is_active or Right.ADMINISTER_ACCOUNTS not in RIGHTS[Role(by.role)]:
        raise AppError(
            f"{by.email} may not manage accounts. Name an administrator's account.",
            field="by",
        )
    if not reason.strip():
        raise AppError("Say why: auditors read it.", field="reason")
    rows = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
    if not rows.update(revoked_at=timezone.now(), revoked_by=by):
        raise AppError("This token was revoked already.", field="prefix")
    audit.record(
        AuditKind.ALTERATION,
        "accounts.ApiToken",
        [token.pk],
        reason=reason.strip(),
        detail={"step": "revoked", "account": token.user_id},
    )


def touch(token: ApiToken) -> None:
    """Note that the token was used, at most once a minute."""
    now = timezone.now()
    if token.last_used_at and now - token.last_used_at < TOUCHED_EVERY:
        return
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _is_live(token: ApiToken, address: str) -> bool:
    if token.revoked_at or token.expires_at <= timezone.now():
        return False
    if not token.user.is_active:
        return False
    if not token.networks:
        return True
    if not address:  # a server behind a unix socket that passes no address on
        return False
    here = ipaddress.ip_address(address)
    return any(here in ipaddress.ip_network(network) for network in token.networks)
