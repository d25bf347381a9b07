"""Load the organisations of `accounts/reference/`; a second run changes nothing.

The files are the truth for the organisations they name: a placement or succession of
such an organisation that the files do not hold is removed.
"""

import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.actions import audiences
from accounts.models import (
    Organisation,
    OrganisationPlacement,
    OrganisationSuccession,
)
from accounts.models.audit_event import AuditKind
from ocgmap.common.reference import AccountsReference, read_accounts, records

FOLDER = Path(__file__).resolve().parents[1] / "reference"


def load(*, on: datetime.date, folder: Path = FOLDER) -> dict[str, int]:
    """Load organisations, placements, successions and audiences as of ``on``.

    Returns how many rows of each were written (made, changed or removed); all zero
    where nothing differed. All or nothing.

    Raises:
        ReferenceDataError: a file is wrong; nothing was written.
    """
    reference = read_accounts(folder)
    with transaction.atomic():
        changed = _organisations(reference)
        ids = dict(Organisation.objects.values_list("code", "pk"))
        placements = _placements(reference, ids)
        successions = _successions(reference, ids)
        if changed or placements or successions:
            audit.record(
                AuditKind.ALTERATION,
                "accounts.Organisation",
                changed,
                reason="Reference data loaded",
                detail={"placements": placements, "successions": successions},
            )
        return {
            "organisations": len(changed),
            "placements": placements,
            "successions": successions,
            "audiences": audiences.refresh(on=on),
        }


def _columns(one: records.Organisation) -> dict[str, Any]:
    return {
        "name": one.name,
        "short_name": one.short_name,
        "region_name": one.region_name,
        "kind": str(one.kind),
        "jurisdiction": str(one.jurisdiction),
        "ons_code": one.ons_code,
        "population": one.population_mid_2020,
        "from_on": one.valid_from,
        "to_on": one.valid_to,
    }


def _organisations(reference: AccountsReference) -> list[int]:
    """Write what differs; return the ids of the organisations written."""
    known = {one.code: one for one in Organisation.objects.all()}
    written = []
    for one in reference.organisations:
        columns = _columns(one)
        row = known.get(one.code) or Organisation(code=one.code)
        if row.pk and all(getattr(row, key) == columns[key] for key in columns):
            continue
        for key, value in columns.items():
            setattr(row, key, value)
        row.save()
        written.append(row.pk)
    return written


def _placements(reference: AccountsReference, ids: dict[str, int]) -> int:
    """Write what differs; return the number of rows made or removed."""
    wanted = {
        (ids[one.organisation], ids[one.parent], one.valid_from, one.valid_to)
        for one in reference.placements
    }
    named = [ids[one.code] for one in reference.organisations]
    rows = {
        (row.organisation_id, row.parent_id, row.from_on, row.to_on): row.pk
        for row in OrganisationPlacement.objects.filter(organisation__in=named)
    }
    stale = [rows[key] for key in rows.keys() - wanted]
    if stale:
        OrganisationPlacement.objects.filter(pk__in=stale).delete()
    missing = [
        OrganisationPlacement(
            organisation_id=organisation, parent_id=parent, from_on=start, to_on=end
        )
        for organisation, parent, start, end in wanted - rows.keys()
    ]
    if missing:
        OrganisationPlacement.objects.bulk_create(missing)
    return len(stale) + len(missing)


def _successions(reference: AccountsReference, ids: dict[str, int]) -> int:
    """Write what differs; return the number of rows made or removed."""
    wanted = {
        (ids[one.predecessor], ids[one.successor], one.happened_on)
        for one in reference.successions
    }
    named = [ids[one.code] for one in reference.organisations]
    rows = {
        (row.predecessor_id, row.successor_id, row.on): row.pk
        for row in OrganisationSuccession.objects.filter(predecessor__in=named)
    }
    stale = [rows[key] for key in rows.keys() - wanted]
    if stale:
        OrganisationSuccession.objects.filter(pk__in=stale).delete()
    missing = [
        OrganisationSuccession(predecessor_id=old, successor_id=new, on=day)
        for old, new, day in wanted - rows.keys()
    ]
    if missing:
        OrganisationSuccession.objects.bulk_create(missing)
    return len(stale) + len(missing)
