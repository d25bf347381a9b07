"""The demo accounts: who there is, what for, and how they are made."""

import time
from dataclasses import dataclass
from typing import Final

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.hashers import make_password

from accounts import audit
from accounts.models import Organisation, Tag, TagHolder, User
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.roles import Role

# For the demo only: it is printed, documented and the same for all. Never reuse it.
PASSWORD: Final = "four-quiet-harbours"  # noqa: S105 - a documented demo password
# What the authenticator app of every demo account holds; the sign-in shows its code.
APP_SECRET: Final = "HARBOURSHARBOURSHARBOURSHARBOURS"  # noqa: S105 - as the password
DOMAIN: Final = "demo.example"


@dataclass(frozen=True, slots=True)
class Account:
    """One demo account; `compartments` are held by this person alone, not the force."""

    key: str
    name: str
    organisation: str
    role: Role
    shows: str
    compartments: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """Return the address to sign in with."""
        return f"{self.key}@{DOMAIN}"


SAFEGUARDING: Final = "safeguarding"
CORRUPTION: Final = "corruption"
HAWKMOTH: Final = "operation-hawkmoth"

ACCOUNTS: Final = (
    Account(
        "analyst.durham",
        "Ailsa Wintergreen",
        "durham",
        Role.FORCE_ANALYST,
        "records groups and submits reports",
    ),
    Account(
        "supervisor.durham",
        "Bryn Oakenfell",
        "durham",
        Role.FORCE_SUPERVISOR,
        "maps groups, confirms bands; alone in one compartment",
        (SAFEGUARDING, HAWKMOTH),
    ),
    Account(
        "analyst.northumbria",
        "Carys Tidemark",
        "northumbria",
        Role.FORCE_ANALYST,
        "a neighbouring force of the same region",
    ),
    Account(
        "supervisor.northumbria",
        "Owain Brackwater",
        "northumbria",
        Role.FORCE_SUPERVISOR,
        "maps a group that only Northumbria sees",
    ),
    Account(
        "analyst.cleveland",
        "Dominic Saltreed",
        "cleveland",
        Role.FORCE_ANALYST,
        "the third force of the region",
    ),
    Account(
        "lead.nerocu",
        "Elspeth Marchbank-Roe",
        "nerocu",
        Role.ROCU_LEAD,
        "moderates the North East",
        (SAFEGUARDING, CORRUPTION),
    ),
    Account(
        "analyst.nerocu",
        "Piers Lanterfield",
        "nerocu",
        Role.ROCU_ANALYST,
        "records for the regional unit, sees the region's returns",
    ),
    Account(
        "records.durham",
        "Quenby Ashgarth",
        "durham",
        Role.RECORDS_MANAGER,
        "reviews that fell due, legal holds, clashing references",
        (SAFEGUARDING,),
    ),
    Account(
        "analyst.west-yorkshire",
        "Farid Holloway-Penn",
        "west-yorkshire",
        Role.FORCE_ANALYST,
        "another region: sees little of Durham",
    ),
    Account(
        "lead.yhrocu",
        "Greta Moorside",
        "yhrocu",
        Role.ROCU_LEAD,
        "moderates Yorkshire and the Humber",
        (SAFEGUARDING,),
    ),
    Account(
        "assurer.yhrocu",
        "Rosalind Beckwith-Dale",
        "yhrocu",
        Role.INTELLIGENCE_ASSURER,
        "checks reports of its region before they count",
    ),
    Account(
        "assurer.west-yorkshire",
        "Silas Thornbeck",
        "west-yorkshire",
        Role.INTELLIGENCE_ASSURER,
        "checks the force's own reports beside their originals",
    ),
    Account(
        "analyst.metropolitan",
        "Tamsin Greycourt",
        "metropolitan",
        Role.FORCE_ANALYST,
        "submits for London",
    ),
    Account(
        "supervisor.metropolitan",
        "Hugh Ashlock",
        "metropolitan",
        Role.FORCE_SUPERVISOR,
        "London: an arrangement without a ROCU",
        (SAFEGUARDING,),
    ),
    Account(
        "analyst.police-scotland",
        "Ewan Strathcarne",
        "police-scotland",
        Role.FORCE_ANALYST,
        "submits for Scotland",
    ),
    Account(
        "supervisor.police-scotland",
        "Isla Corrievane",
        "police-scotland",
        Role.FORCE_SUPERVISOR,
        "a force in no region",
    ),
    Account(
        "analyst.btp",
        "Della Thornwick",
        "btp",
        Role.FORCE_ANALYST,
        "submits for a special force",
    ),
    Account(
        "supervisor.btp",
        "Jonas Platt-Lyle",
        "btp",
        Role.FORCE_SUPERVISOR,
        "a special force, in no region",
        (SAFEGUARDING,),
    ),
    Account(
        "nca.officer",
        "Kamila Farrowdale",
        "nca",
        Role.NCA_OFFICER,
        "sees the national dashboard",
    ),
    Account(
        "nca.supervisor",
        "Leith Underbank",
        "nca",
        Role.FORCE_SUPERVISOR,
        "maps the NCA's own groups",
        (SAFEGUARDING, CORRUPTION),
    ),
    Account(
        "auditor",
        "Maren Quillby",
        "nca",
        Role.AUDITOR,
        "reads the audit, and sees no intelligence",
    ),
    Account(
        "administrator",
        "Nico Harthope",
        "nca",
        Role.SYSTEM_ADMINISTRATOR,
        "sees no intelligence; screens of accounts come later",
    ),
    Account(
        "service.durham",
        "Durham submission service",
        "durham",
        Role.SERVICE,
        "the account of a program, for API tokens",
    ),
)
ADMINISTRATOR: Final = "administrator"


def make_accounts() -> int:
    """Make the accounts that are missing, with the compartments; return how many.

    An account that is there stays as it is, its password too.
    """
    known = {user.email: user for user in User.objects.filter(email__in=_emails())}
    organisations = {one.code: one for one in Organisation.objects.all()}
    made = [
        User(
            email=account.email,
            name=account.name,
            organisation=organisations[account.organisation],
            role=account.role,
            password=make_password(PASSWORD),
        )
        for account in ACCOUNTS
        if account.email not in known
    ]
    User.objects.bulk_create(made)
    for user in made:
        TOTP.activate(user, APP_SECRET)
    if made:
        audit.record(
            AuditKind.GRANT,
            "accounts.User",
            [user.pk for user in made],
            reason="Demo accounts made",
        )
    _grant_compartments()
    return len(made)


def users() -> dict[str, User]:
    """Return the demo accounts by their key."""
    found = {user.email: user for user in User.objects.filter(email__in=_emails())}
    return {account.key: found[account.email] for account in ACCOUNTS}


def _emails() -> list[str]:
    return [account.email for account in ACCOUNTS]


def _grant_compartments() -> None:
    """Give each account its compartments, making the demo's own one."""
    Tag.objects.get_or_create(
        code=f"compartment:{HAWKMOTH}",
        defaults={
            "name": "Operation Hawkmoth",
            "kind": TagKind.COMPARTMENT,
            "owner": Organisation.objects.get(code="durham"),
        },
    )
    # Whoever records may send up to this desk; its holders alone see what is there.
    Tag.objects.filter(code=f"compartment:{CORRUPTION}", takes_referrals=False).update(
        takes_referrals=True
    )
    tags = {
        tag.code.partition(":")[2]: tag
        for tag in Tag.objects.filter(kind=TagKind.COMPARTMENT)
    }
    people = users()
    granted = []
    for account in ACCOUNTS:
        for code in account.compartments:
            holding, is_new = TagHolder.objects.get_or_create(
                tag=tags[code],
                user=people[account.key],
                defaults={"granted_by": people[ADMINISTRATOR]},
            )
            granted += [holding.pk] if is_new else []
    if granted:
        audit.record(
            AuditKind.GRANT, "accounts.TagHolder", granted, reason="Demo compartments"
        )


def table() -> str:
    """Return the accounts, and how they sign in, as the bootstrap prints them."""
    width = max(len(account.email) for account in ACCOUNTS)
    lines = ["Sign in as (invented people, one password for all):"]
    lines += [f"  {one.email:<{width}}  {one.shows}" for one in ACCOUNTS]
    second = "  The page that asks for a code says which one the app shows now."
    return "\n".join([*lines, f"  Password: {PASSWORD}", second])


def code_now() -> str:
    """Return what the authenticator app of every demo account shows now."""
    counter = int(time.time()) // app_settings.TOTP_PERIOD
    return str(format_hotp_value(hotp_value(APP_SECRET, counter)))
