"""Forms of scoring: decisions of people, and what lists are asked for."""

from scoring.forms.decisions import BandForm, JudgementForm
from scoring.forms.lists import (
    ORDERS,
    AsAtForm,
    GroupListForm,
    ReceiptListForm,
    SearchForm,
)
from scoring.forms.movement import MOVES, MovementForm, TwoDaysForm

__all__ = [
    "MOVES",
    "ORDERS",
    "AsAtForm",
    "BandForm",
    "GroupListForm",
    "JudgementForm",
    "MovementForm",
    "ReceiptListForm",
    "SearchForm",
    "TwoDaysForm",
]
