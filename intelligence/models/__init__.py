"""Tables of intelligence: what was reported, graded, mentioned and claimed."""

from intelligence.models.assurance import Assurance, AssuranceRule
from intelligence.models.attribute import Attribute
from intelligence.models.claim import AttributeClaim
from intelligence.models.correction_notice import CorrectionNotice
from intelligence.models.imports import (
    ImportFile,
    ImportJob,
    ImportOutcome,
    ImportPart,
)
from intelligence.models.mention import Mention
from intelligence.models.report import Report, ReportOriginal
from intelligence.models.restriction import ProcessingRestriction
from intelligence.models.retention import DisposalCertificate, RetentionReview
from intelligence.models.return_register import Return
from intelligence.models.sharing_change import SharingChange
from intelligence.models.sight import SightMatch, SightRequest
from intelligence.models.subject_request import SubjectFinding, SubjectRequest

__all__ = [
    "Assurance",
    "AssuranceRule",
    "Attribute",
    "AttributeClaim",
    "CorrectionNotice",
    "DisposalCertificate",
    "ImportFile",
    "ImportJob",
    "ImportOutcome",
    "ImportPart",
    "Mention",
    "ProcessingRestriction",
    "Report",
    "ReportOriginal",
    "RetentionReview",
    "Return",
    "SharingChange",
    "SightMatch",
    "SightRequest",
    "SubjectFinding",
    "SubjectRequest",
]
