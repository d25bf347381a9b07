"""Tables of accounts: who you are, what you may see, what you did."""

from accounts.models.access_class import AccessClass, Tag, TagHolder
from accounts.models.api_token import ApiToken
from accounts.models.audit_checkpoint import AuditCheckpoint
from accounts.models.audit_event import AuditEvent
from accounts.models.browser_session import BrowserSession
from accounts.models.compartment import MembershipProposal, Subject
from accounts.models.large_export import LargeExport
from accounts.models.organisation import (
    Organisation,
    OrganisationPlacement,
    OrganisationSuccession,
)
from accounts.models.pasted_list import PastedList
from accounts.models.search_term import SearchTerm
from accounts.models.sent_form import SentForm
from accounts.models.user import User

__all__ = [
    "AccessClass",
    "ApiToken",
    "AuditCheckpoint",
    "AuditEvent",
    "BrowserSession",
    "LargeExport",
    "MembershipProposal",
    "Organisation",
    "OrganisationPlacement",
    "OrganisationSuccession",
    "PastedList",
    "SearchTerm",
    "SentForm",
    "Subject",
    "Tag",
    "TagHolder",
    "User",
]
