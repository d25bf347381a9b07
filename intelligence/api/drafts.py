"""From a body that has the right shape to a draft; what is hidden is not there."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from accounts.actions import labels
from accounts.models import Organisation
from accounts.visibility import Viewer
from groups.models import CrimeGroup, Nominal
from intelligence.actions.reports import ClaimDraft, ReportDraft
from intelligence.exceptions import Refused, UnknownReference
from intelligence.grading import parse_condition
from intelligence.models import Return

R = TypeVar("R", CrimeGroup, Nominal, Return)

_NAMES = {CrimeGroup: "group", Nominal: "person", Return: "return"}
# Handed to the draft under the same name and unchanged.
_PLAIN = (
    "owner_reference",
    "text",
    "original_text",
    "received_on",
    "event_from",
    "event_to",
    "event_precision",
    "source_grade",
    "assessment_grade",
    "handling",
    "legacy_grade",
    "legacy_source_choice",
    "sharing",
    "sharing_reason",
)


def draft_from(values: Mapping[str, Any], *, by: Viewer) -> ReportDraft:
    """Return the draft of a report, its groups and people found among the visible.

    Raises:
        Refused: the organisation or a compartment is unknown.
        UnknownReference: a group, person or return is absent or hidden.
        GradeError: the handling condition cannot be.
    """
    condition = values["condition"]
    claims = values.get("claims", [])
    claimed = found(
        CrimeGroup, [claim["group"] for claim in claims], by=by, field="claims"
    )
    returned = [values["returned_in"]] if values["returned_in"] else []
    return ReportDraft(
        owner=_owner(values.get("owner"), by),
        condition=parse_condition(**condition) if condition else None,
        compartments=_compartments(values.get("compartments", []), by),
        groups=list(
            found(CrimeGroup, values.get("groups", []), by=by, field="groups").values()
        ),
        nominals=list(
            found(Nominal, values.get("nominals", []), by=by, field="nominals").values()
        ),
        claims=[
            ClaimDraft(
                group=claimed[claim["group"]],
                attribute=claim["attribute"],
                level=claim["level"],
            )
            for claim in claims
        ],
        returned_in=next(
            iter(found(Return, returned, by=by, field="returned_in").values()), None
        ),
        **{name: values[name] for name in _PLAIN},
    )


def found(
    model: type[R], ids: Iterable[uuid.UUID], *, by: Viewer, field: str
) -> dict[uuid.UUID, R]:
    """Return the visible records with these ids, in their order and each once.

    Raises:
        UnknownReference: one is absent or hidden; the answer is the same.
    """
    wanted = list(dict.fromkeys(ids))
    rows: Iterable[R] = model.objects.visible_to(by).filter(public_id__in=wanted)
    seen = {row.public_id: row for row in rows}
    unknown = [str(one) for one in wanted if one not in seen]
    if unknown:
        raise UnknownReference(
            field,
            f"There is no {_NAMES[model]} {', '.join(unknown[:5])} that you may see.",
            "Give the id that the API shows.",
        )
    return {one: seen[one] for one in wanted}


def _owner(code: str | None, by: Viewer) -> Organisation:
    if code is None:
        return Organisation.objects.get(pk=by.organisation_id)
    owner = Organisation.objects.filter(code=code).first()
    if owner is None:
        raise Refused(
            "owner",
            f"There is no organisation “{code}”.",
            "Use a code of /api/v1/organisations/.",
        )
    return owner


def _compartments(codes: Iterable[str], by: Viewer) -> list[int]:
    held = {tag.code: tag.pk for tag in labels.compartments_for(by)}
    wanted = set(codes)
    if not wanted <= set(held):
        raise Refused(
            "compartments",
            "A compartment is one that the account holds.",
            "Choose only compartments that you hold.",
        )
    return [held[code] for code in sorted(wanted)]
