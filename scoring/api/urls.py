"""What scoring offers to the API: groups with their scores, receipts, the picture."""

from django.urls import path

from scoring.api.analysis import RequirementListing
from scoring.api.decisions import BandDecisionListing, JudgementListing
from scoring.api.movement import MovementListing
from scoring.api.receipts import ReceiptListing, ReportReceipt
from scoring.api.searches import SavedSearchResource
from scoring.api.views import (
    AssessmentListing,
    Codes,
    Picture,
    Schemes,
    ScoredGroupResource,
)
from scoring.api.watches import Notices, WatchResource

RESOURCES = (
    ("groups", ScoredGroupResource),
    ("assessments", AssessmentListing),
    ("searches", SavedSearchResource),
    ("receipts", ReceiptListing),
    ("judgements", JudgementListing),
    ("band-decisions", BandDecisionListing),
    ("requirements", RequirementListing),
    ("watches", WatchResource),
)
ADDRESSES = [
    path("notices/", Notices.as_view(), name="notices"),
    path("codes/", Codes.as_view(), name="codes"),
    path("picture/", Picture.as_view(), name="picture"),
    path(
        "picture/movement/",
        MovementListing.as_view({"get": "list"}),
        name="picture-movement",
    ),
    path("reports/<uuid:id>/receipt/", ReportReceipt.as_view(), name="report-receipt"),
    path("schemes/", Schemes.as_view(), name="schemes"),
]
