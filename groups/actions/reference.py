"""Load threat types and offences of `groups/reference/`; a second run changes nothing.

Rows that the files no longer name are kept: records may point at them.
"""

from pathlib import Path
from typing import Any

from django.db import models, transaction

from accounts import audit
from accounts.models.audit_event import AuditKind
from groups.models import Offence, ThreatType
from ocgmap.common.reference import GroupsReference, read_groups

FOLDER = Path(__file__).resolve().parents[1] / "reference"


def load(*, folder: Path = FOLDER) -> dict[str, int]:
    """Load threat types and offences; return how many of each were written.

    Raises:
        ReferenceDataError: a file is wrong; nothing was written.
    """
    reference = read_groups(folder)
    with transaction.atomic():
        return {
            "threat types": _write(ThreatType, _threat_types(reference)),
            "offences": _write(Offence, _offences(reference)),
        }


def _threat_types(reference: GroupsReference) -> dict[str, dict[str, Any]]:
    return {
        one.code: {
            "name": one.name,
            "crosswalk": [one.attribute] if one.attribute else [],
        }
        for one in reference.threat_types
    }


def _offences(reference: GroupsReference) -> dict[str, dict[str, Any]]:
    threats = dict(ThreatType.objects.values_list("code", "pk"))
    return {
        one.code: {
            "name": one.name,
            "subgroup": one.subgroup,
            "offence_group": one.group,
            "threat_type_id": threats[one.threat_type] if one.threat_type else None,
        }
        for one in reference.offences
    }


def _write(
    model: type[ThreatType] | type[Offence], wanted: dict[str, dict[str, Any]]
) -> int:
    """Write the rows that differ, by their code, and audit them; return how many."""
    known: dict[str, models.Model] = {row.code: row for row in model.objects.all()}
    written = []
    for code, columns in wanted.items():
        row = known.get(code) or model(code=code)
        if row.pk and all(getattr(row, key) == columns[key] for key in columns):
            continue
        for key, value in columns.items():
            setattr(row, key, value)
        row.save()
        written.append(row.pk)
    if written:
        audit.record(
            AuditKind.ALTERATION,
            f"groups.{model.__name__}",
            written,
            reason="Reference data loaded",
        )
    return len(written)
