"""Every code list in one place, with what each code means."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Model

from accounts.models.access_class import TagKind
from accounts.models.organisation import Jurisdiction, Kind
from accounts.models.user import MARKING_CHOICES
from groups.models import Offence, ThreatType
from groups.models.crime_group import (
    ActivityStatus,
    Answer,
    GroupKind,
    RecordState,
    ReviewOutcome,
    Tier,
    Trigger,
)
from groups.models.identifier import IdentifierKind
from groups.models.nominal import Gender
from groups.models.participation import DpaCategory, InvolvementKind, Standing
from intelligence.grading import (
    ASSESSMENT_DEFINITIONS,
    HANDLING_DEFINITIONS,
    LEGACY_HANDLING,
    LEGACY_INTELLIGENCE,
    LEGACY_SOURCE,
    RECIPIENTS_DEFINITIONS,
    SOURCE_DEFINITIONS,
    Definition,
)
from intelligence.models import Attribute
from intelligence.models.claim import Level
from intelligence.models.report import ReportState
from ocgmap.common.records import Basis, Precision, RetentionClass
from scoring.engine import INSUFFICIENT, PRIMARY
from scoring.models.outbox import ReceiptState

_CHOICES: Mapping[str, Any] = {
    "activity_status": ActivityStatus,
    "answer": Answer,
    "basis": Basis,
    "date_precision": Precision,
    "dpa_category": DpaCategory,
    "gender": Gender,
    "group_kind": GroupKind,
    "identifier_kind": IdentifierKind,
    "involvement_kind": InvolvementKind,
    "jurisdiction": Jurisdiction,
    "level": Level,
    "organisation_kind": Kind,
    "receipt_state": ReceiptState,
    "record_state": RecordState,
    "report_state": ReportState,
    "retention_class": RetentionClass,
    "review_outcome": ReviewOutcome,
    "sharing": [one for one in TagKind if one != TagKind.COMPARTMENT],
    "standing": Standing,
    "tier": Tier,
    "trigger": Trigger,
}
_DEFINED: Mapping[str, Mapping[Any, Definition]] = {
    "source_grade": SOURCE_DEFINITIONS,
    "assessment_grade": ASSESSMENT_DEFINITIONS,
    "handling": HANDLING_DEFINITIONS,
    "handling_recipients": RECIPIENTS_DEFINITIONS,
    "legacy_source": LEGACY_SOURCE,
    "legacy_intelligence": LEGACY_INTELLIGENCE,
    "legacy_handling": LEGACY_HANDLING,
}

Code = dict[str, Any]


def code_lists() -> dict[str, list[Code]]:
    """Return every code list by its name. Three queries."""
    lists = {
        **{
            name: [_code(one.value, one.label) for one in kind]
            for name, kind in _CHOICES.items()
        },
        **{name: _defined(table.values()) for name, table in _DEFINED.items()},
        "marking": [_code(value, label) for value, label in MARKING_CHOICES],
        "band": _bands(),
        "attribute": [
            _code(one.key, one.title, one.meaning) for one in Attribute.objects.all()
        ],
        "threat_type": list(_rows(ThreatType)),
        "offence": list(_rows(Offence)),
    }
    return dict(sorted(lists.items()))


def _code(value: Any, label: str, meaning: str = "") -> Code:
    return {"value": value, "label": str(label), "meaning": meaning}


def _defined(definitions: Iterable[Definition]) -> list[Code]:
    return [_code(one.code, one.label, one.meaning) for one in definitions]


def _bands() -> list[Code]:
    source = f"Band of {PRIMARY.title}, the gravest first."
    return [
        *(_code(band, band, source) for band in PRIMARY.bands()),
        _code(INSUFFICIENT, INSUFFICIENT.capitalize(), "More than half is not known."),
    ]


def _rows(model: type[Model]) -> Iterator[Code]:
    rows = model._default_manager.values_list("code", "name")  # noqa: SLF001
    return (_code(code, name) for code, name in rows)
