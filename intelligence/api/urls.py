"""What intelligence offers to the API; scoring serves the receipts."""

from intelligence.api.views import ReportResource

RESOURCES = (("reports", ReportResource),)
