"""What the plan's words stand for in this database: ids of what is there already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from accounts import audit
from accounts.models import Organisation, Tag, User
from accounts.models.audit_event import AuditKind
from accounts.roles import Role
from accounts.visibility import Label, Marking
from groups.models import Offence, ThreatType
from intelligence.models import Return
from scoring.assembly import schemes_in_use
from scoring.demonstration.nation.planning import Country, Kind
from scoring.demonstration.nation.planning.labels import codes
from scoring.outbox.labels import intern_all

DOMAIN: Final = "nation.example"
_ROLES: Final[Mapping[str, Role]] = {
    "analyst": Role.FORCE_ANALYST,
    "supervisor": Role.FORCE_SUPERVISOR,
}
_ROCU_LEAD: Final = "supervisor"


@dataclass(frozen=True, slots=True)
class Names:
    """Ids by kind and word; those of returns by public id, the nation's own only."""

    ids: Mapping[str, Mapping[str, int]]
    tags: Mapping[str, int]

    def with_labels(self, wanted: Iterable[str]) -> dict[str, int]:
        """Return the class of each label, made where it is new.

        In a transaction of its own: whoever makes the same class waits for the end of
        it, and a step is too long to wait for.
        """
        labels = {
            text: Label(
                frozenset(self.tags[code] for code in codes(text)),
                Marking.OFFICIAL_SENSITIVE,
            )
            for text in wanted
        }
        classes = intern_all(labels.values())
        return {text: classes[label] for text, label in labels.items()}


def read_names(country: Country) -> Names:
    """Return what the plan's words stand for; makes the accounts that are missing."""
    _make_authors(country)
    users = User.objects.filter(email__endswith=f"@{DOMAIN}")
    mine = Return.objects.filter(owner__code__in=country.forces)
    return Names(
        ids={
            Kind.ORGANISATION: dict(Organisation.objects.values_list("code", "pk")),
            Kind.THREAT: dict(ThreatType.objects.values_list("code", "pk")),
            Kind.OFFENCE: dict(Offence.objects.values_list("code", "pk")),
            Kind.SCHEME: {one.scheme.key: one.id for one in schemes_in_use()},
            Kind.USER: {
                email.partition("@")[0]: pk
                for email, pk in users.values_list("email", "pk")
            },
            Kind.RETURN: {
                public_id.hex: pk
                for public_id, pk in mine.values_list("public_id", "pk")
            },
        },
        tags=dict(Tag.objects.values_list("code", "pk")),
    )


def _make_authors(country: Country) -> None:
    """Make those who recorded the nation: nobody can sign in as them.

    They are not active, so they hold nothing and no label is made real for them.
    """
    organisations = {one.code: one for one in Organisation.objects.all()}
    known = set(User.objects.values_list("email", flat=True))
    made = [
        User(
            email=f"{part}.{code}@{DOMAIN}",
            name=f"{part.capitalize()} of {country.names[code]}",
            organisation=organisations[code],
            role=role,
            password="!",  # noqa: S106 - no password matches it
            is_active=False,
        )
        for code in sorted(country.weights)
        for part, role in _ROLES.items()
        if f"{part}.{code}@{DOMAIN}" not in known
    ]
    if made:
        User.objects.bulk_create(made)
        audit.record(
            AuditKind.GRANT,
            "accounts.User",
            [user.pk for user in made],
            reason="Authors of the synthetic nation made; they cannot sign in",
        )
