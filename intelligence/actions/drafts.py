"""A report as it is handed in, before anything of it is believed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Organisation
from groups.models import CrimeGroup, Nominal
from intelligence.grading import Condition
from intelligence.models import Return
from ocgmap.common.records import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDraft:
    """That the report puts an attribute of a group at a level: high to nil."""

    group: CrimeGroup
    attribute: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDraft:
    """What someone wants to submit; `intelligence.actions.reports` decides.

    Grades are the codes as they came (1-3, A-E, P or C). With a 5x5x5 `legacy_grade`
    they follow from it and may be left out; its source C needs `legacy_source_choice`
    (1-3). `sharing` is an option's code and `compartments` are ids of tags.
    `sharing_reason` is needed for the own organisation only, and kept in the audit.
    """

    owner: Organisation
    text: str
    received_on: date | None
    sharing: str
    source_grade: object = None
    assessment_grade: object = None
    handling: object = None
    condition: Condition | None = None
    original_text: str = ""
    event_from: date | None = None
    event_to: date | None = None
    event_precision: str = Precision.UNKNOWN
    compartments: Sequence[int] = ()
    groups: Sequence[CrimeGroup] = ()
    nominals: Sequence[Nominal] = ()
    claims: Sequence[ClaimDraft] = ()
    owner_reference: str = ""
    legacy_grade: str = ""
    legacy_source_choice: object = None
    returned_in: Return | None = None
    sharing_reason: str = ""

    def digest(self) -> str:
        """Return the SHA-256 of everything that was handed in, whatever its order."""
        body = {
            "owner": self.owner.code,
            "text": self.text,
            "original_text": self.original_text,
            "received_on": str(self.received_on),
            "event": [str(self.event_from), str(self.event_to), self.event_precision],
            "grade": [
                str(code)
                for code in (self.source_grade, self.assessment_grade, self.handling)
            ],
            "condition": self.condition.as_json() if self.condition else None,
            "legacy": [self.legacy_grade, str(self.legacy_source_choice)],
            "sharing": [self.sharing, self.sharing_reason, sorted(self.compartments)],
            "groups": sorted({str(group.public_id) for group in self.groups}),
            "nominals": sorted({str(nominal.public_id) for nominal in self.nominals}),
            "claims": sorted(
                [str(claim.group.public_id), claim.attribute, claim.level]
                for claim in self.claims
            ),
            "owner_reference": self.owner_reference,
            "returned_in": str(self.returned_in.public_id) if self.returned_in else "",
        }
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
