"""What groups offers to the API; scoring serves the groups themselves, with scores."""

from django.urls import path

from groups.api.steps import TransferResource
from groups.api.views import (
    IdentifierSearch,
    InvolvementResource,
    MembershipResource,
    NominalResource,
)

RESOURCES = (
    ("nominals", NominalResource),
    ("memberships", MembershipResource),
    ("involvements", InvolvementResource),
    ("transfers", TransferResource),
)
ADDRESSES = [
    path("identifiers/search/", IdentifierSearch.as_view(), name="identifier-search"),
]
