"""What intelligence offers to the API; scoring serves the receipts."""

from intelligence.api.returns import ReturnResource
from intelligence.api.reviews import RESOURCES as REVIEWS
from intelligence.api.sharing import SharingChangeResource
from intelligence.api.views import ReportResource

RESOURCES = (
    ("reports", ReportResource),
    ("returns", ReturnResource),
    ("sharing-changes", SharingChangeResource),
    *REVIEWS,
)
