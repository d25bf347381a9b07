"""Forms of challenges, assumptions and alternative hypotheses, and of their answers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from intelligence.models import Report
from ocgmap.common.date_fields import GovukDateField
from ocgmap.common.errors import AppError
from ocgmap.common.forms import GovukCheckboxes, GovukForm, GovukRadios, LongTextField
from scoring.engine import YARDSTICK, Estimate, estimate_of
from scoring.forms.decisions import LEAST_RATIONALE, named
from scoring.models.analysis import NoteKind, NoteOutcome

LONGEST = 2000
HOLDS = "holds"
_NO_SOURCE = "Do not name a source."


def _long(label: str, hint: str) -> LongTextField:
    return LongTextField(
        label=label,
        min_length=LEAST_RATIONALE,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text=hint,
    )


class NoteForm(GovukForm):
    """What all three say: words, and the reports that they rest on."""

    text = _long("What it says", _NO_SOURCE)
    reports = forms.MultipleChoiceField(
        label="Reports that this rests on", required=False, widget=GovukCheckboxes
    )

    def __init__(
        self, *args: Any, reports: Iterable[Report] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(report.public_id): report for report in reports}
        field: Any = self.fields["reports"]
        field.choices = [(key, named(one)) for key, one in self.offered.items()]
        if not self.offered:
            del self.fields["reports"]

    @property
    def cited(self) -> list[Report]:
        """Return the reports that were ticked."""
        return [self.offered[key] for key in self.cleaned_data.get("reports", ())]


class ChallengeForm(NoteForm):
    """What speaks against a judged level or the band."""

    against = forms.ChoiceField(label="What it is against")
    text = _long(
        "What speaks against it",
        f"Why it may be wrong, and what should be looked at. {_NO_SOURCE}",
    )
    field_order = ("against", "text", "reports")

    def __init__(
        self, *args: Any, targets: Mapping[str, tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.targets = targets
        field: Any = self.fields["against"]
        field.choices = [
            ("", "Choose one"),
            *((key, text) for key, (text, _) in targets.items()),
        ]

    @property
    def target(self) -> Any:
        """Return the judgement or decision that was chosen; None: the computed band."""
        return self.targets[self.cleaned_data["against"]][1]


class AssumptionForm(NoteForm):
    """What the score takes for granted."""

    text = _long("What is assumed", f"One assumption only. {_NO_SOURCE}")
    would_change = _long(
        "What would change it", "The report or event after which it no longer holds."
    )
    review_on = GovukDateField(
        label="Look at it again on",
        allow_future=True,
        help_text="Within 12 months. For example 27 3 2027.",
    )
    field_order = ("text", "would_change", "review_on", "reports")


class AlternativeForm(NoteForm):
    """What else could explain the evidence, and how likely that is."""

    text = _long("What else could explain the evidence", _NO_SOURCE)
    likelihood = forms.ChoiceField(
        label="How likely it is",
        required=False,
        choices=[(one.key, one.words) for one in YARDSTICK.likelihoods],
        widget=GovukRadios(
            hints={one.key: one.range_text for one in YARDSTICK.likelihoods}
        ),
        help_text="In the words of the probability yardstick. It leaves gaps on purpose.",
    )
    percent = forms.CharField(
        label="Percentage",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4"}),
        help_text="Alone or beside the word. It must lie inside one of the words.",
    )
    field_order = ("text", "likelihood", "percent", "reports")
    marks_optional = False

    def clean(self) -> dict[str, Any]:
        """Add the estimate; a number in a gap of the yardstick is refused."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if "likelihood" in values and "percent" in values:
            try:
                values["estimate"] = estimate_of(
                    values["likelihood"], values["percent"]
                )
            except AppError as error:
                self.add_app_error(error)
        return values

    @property
    def estimate(self) -> Estimate:
        """Return the estimate of a valid form."""
        found: Estimate = self.cleaned_data["estimate"]
        return found


FORMS: Mapping[str, type[NoteForm]] = {
    NoteKind.CHALLENGE: ChallengeForm,
    NoteKind.ASSUMPTION: AssumptionForm,
    NoteKind.ALTERNATIVE: AlternativeForm,
}
# What each way to close means of each kind.
OUTCOMES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    NoteKind.CHALLENGE: {
        NoteOutcome.UPHELD: (
            "Upheld",
            "It is right. Judge the level anew, or decide on the band.",
        ),
        NoteOutcome.NOT_UPHELD: ("Not upheld", "What it is against stands."),
        NoteOutcome.WITHDRAWN: ("Withdrawn", "By its author alone."),
    },
    NoteKind.ASSUMPTION: {
        HOLDS: ("Still holds", "It stays open. Say when to look at it again."),
        NoteOutcome.NOT_UPHELD: (
            "No longer holds",
            "Look at what rests on it, and judge it anew.",
        ),
        NoteOutcome.WITHDRAWN: ("Withdrawn", "By its author alone."),
    },
    NoteKind.ALTERNATIVE: {
        NoteOutcome.UPHELD: (
            "Adopted",
            "It explains the evidence better. Judge anew what it changes.",
        ),
        NoteOutcome.NOT_UPHELD: ("Ruled out", "Say by what evidence."),
        NoteOutcome.WITHDRAWN: ("Withdrawn", "By its author alone."),
    },
}


def outcome_text(kind: str, outcome: str) -> str:
    """Return how a note stands, in the words of its kind."""
    return OUTCOMES[kind][outcome][0] if outcome else "Open"


class NoteAnswerForm(GovukForm):
    """How a note is closed, or that an assumption still holds, and why."""

    outcome = forms.ChoiceField(label="Outcome")
    review_on = GovukDateField(
        label="Look at it again on",
        required=False,
        allow_future=True,
        help_text="Within 12 months. For example 27 3 2027.",
    )
    answer = _long("Answer", f"On what evidence. {_NO_SOURCE}")

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = OUTCOMES[kind]
        reveals = {HOLDS: ["review_on"]} if HOLDS in ways else {}
        field: Any = self.fields["outcome"]
        field.widget = GovukRadios(
            hints={str(way): hint for way, (_, hint) in ways.items()}, reveals=reveals
        )
        field.choices = [(str(way), text) for way, (text, _) in ways.items()]
        if HOLDS not in ways:
            del self.fields["review_on"]

    def clean(self) -> dict[str, Any]:
        """Refuse an assumption that still holds without a day to look at it again."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        lacks_day = not values.get("review_on") and "review_on" not in self.errors
        if values.get("outcome") == HOLDS and lacks_day:
            self.add_error("review_on", "Enter the day to look at it again.")
        return values
