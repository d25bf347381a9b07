"""Forms of scoring: decisions of people, and what lists are asked for."""

from scoring.forms.decisions import BandForm, JudgementForm
from scoring.forms.digests import DigestForm
from scoring.forms.finding import PasteForm, SaveSearchForm
from scoring.forms.floors import FloorForm
from scoring.forms.lists import (
    ORDERS,
    AsAtForm,
    GroupListForm,
    InvolvementListForm,
    MemberListForm,
    ReceiptListForm,
    SearchForm,
    debt_text,
)
from scoring.forms.movement import MOVES, MovementForm, TwoDaysForm
from scoring.forms.score_change import ScoreChangeForm
from scoring.forms.second_score import LevelsForm, PackForm, SecondScoreForm

__all__ = [
    "MOVES",
    "ORDERS",
    "AsAtForm",
    "BandForm",
    "DigestForm",
    "FloorForm",
    "GroupListForm",
    "InvolvementListForm",
    "JudgementForm",
    "LevelsForm",
    "MemberListForm",
    "MovementForm",
    "PackForm",
    "PasteForm",
    "ReceiptListForm",
    "SaveSearchForm",
    "ScoreChangeForm",
    "SearchForm",
    "SecondScoreForm",
    "TwoDaysForm",
    "debt_text",
]
