"""Forms of scoring: decisions of people, and what lists are asked for."""

from scoring.forms.decisions import BandForm, JudgementForm
from scoring.forms.lists import (
    ORDERS,
    AsAtForm,
    GroupListForm,
    ReceiptListForm,
    SearchForm,
)

__all__ = [
    "ORDERS",
    "AsAtForm",
    "BandForm",
    "GroupListForm",
    "JudgementForm",
    "ReceiptListForm",
    "SearchForm",
]
