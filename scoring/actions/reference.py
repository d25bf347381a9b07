"""Load the published schemes of the code into the database."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models.audit_event import AuditKind
from scoring.engine import SCHEMES, Scheme, scheme_digest
from scoring.exceptions import SchemeWasEdited
from scoring.models import SchemeVersion
from scoring.outbox import mark_all, take_effect


@dataclass(frozen=True, slots=True)
class LoadedSchemes:
    """How many schemes were new, and how many groups were marked for it."""

    added: int
    marked: int


def load_schemes() -> LoadedSchemes:
    """Give every published scheme its row; mark all groups when one is new.

    Rows of schemes that the code no longer holds stay: old assessments name them.
    Needs an open scope, or the owner's login.

    Raises:
        SchemeWasEdited: a published scheme is not what was loaded under its version.
    """
    with transaction.atomic():
        added = [pk for scheme in SCHEMES if (pk := _load(scheme))]
        take_effect(timezone.localdate())
        if added:
            audit.record(
                AuditKind.ALTERATION,
                "scoring.SchemeVersion",
                added,
                reason="Published schemes loaded",
            )
        return LoadedSchemes(len(added), mark_all() if added else 0)


def _load(scheme: Scheme) -> int | None:
    """Return the id of the row that was made for the scheme, if one was."""
    digest = scheme_digest(scheme)
    row, is_new = SchemeVersion.objects.get_or_create(
        name=scheme.key,
        version=scheme.version,
        defaults={"digest": digest, "effective_on": scheme.effective_on},
    )
    if row.digest != digest:
        raise SchemeWasEdited(
            f"{scheme.key} version {scheme.version} is published and was edited. Take "
            "the edit back, and add it as a new version beside the old one."
        )
    return row.pk if is_new else None
