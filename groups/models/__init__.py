"""Tables of groups: who is in what, with whom, doing what, where."""

from groups.models.activity import Activity, ActivityPlace, ActivityQuantity
from groups.models.crime_group import CrimeGroup, GroupAlias, GroupLink, GroupThreat
from groups.models.entry_draft import EntryDraft
from groups.models.identifier import Identifier, IdentifierUse
from groups.models.moderation import ModerationRule
from groups.models.nominal import IdentityCluster, Nominal, NominalAlias, PersonLink
from groups.models.participation import Involvement, Membership
from groups.models.reference import Offence, ThreatType
from groups.models.review_rule import ReviewRule
from groups.models.saved_chart import SavedChart
from groups.models.saved_search import SavedSearch
from groups.models.step_rule import StepRule
from groups.models.transfer import Transfer

__all__ = [
    "Activity",
    "ActivityPlace",
    "ActivityQuantity",
    "CrimeGroup",
    "EntryDraft",
    "GroupAlias",
    "GroupLink",
    "GroupThreat",
    "Identifier",
    "IdentifierUse",
    "IdentityCluster",
    "Involvement",
    "Membership",
    "ModerationRule",
    "Nominal",
    "NominalAlias",
    "Offence",
    "PersonLink",
    "ReviewRule",
    "SavedChart",
    "SavedSearch",
    "StepRule",
    "ThreatType",
    "Transfer",
]
