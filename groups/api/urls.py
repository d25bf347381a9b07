"""What groups offers to the API; scoring serves the groups themselves, with scores."""

from django.urls import path

from groups.api import facts
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
_GROUP_FACT = "groups/<uuid:id>/facts/<slug:kind>/<uuid:row_id>/"
_PERSON_FACT = "nominals/<uuid:id>/facts/<slug:kind>/<uuid:row_id>/"
ADDRESSES = [
    path(_GROUP_FACT, facts.CorrectFact.as_view(), name="group-fact"),
    path(f"{_GROUP_FACT}end/", facts.EndFact.as_view(), name="group-fact-end"),
    path(
        f"{_GROUP_FACT}withdraw/",
        facts.WithdrawFact.as_view(),
        name="group-fact-withdraw",
    ),
    path(_PERSON_FACT, facts.CorrectPersonFact.as_view(), name="nominal-fact"),
    path(f"{_PERSON_FACT}end/", facts.EndPersonFact.as_view(), name="nominal-fact-end"),
    path(
        f"{_PERSON_FACT}withdraw/",
        facts.WithdrawPersonFact.as_view(),
        name="nominal-fact-withdraw",
    ),
    path("identifiers/search/", IdentifierSearch.as_view(), name="identifier-search"),
]
