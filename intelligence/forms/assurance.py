"""The form for assurance: the decision on a report."""

from django import forms

from intelligence.forms.fields import defined_radios
from intelligence.forms.states import VersionForm
from intelligence.grading import ASSESSMENT_DEFINITIONS, SOURCE_DEFINITIONS
from intelligence.models.assurance import Outcome
from ocgmap.common.forms import GovukRadios, LongTextField

_HINTS = {
    Outcome.PASSED: "Text and grade are right. The report counts from now on.",
    Outcome.REGRADED: "The text is right, the grade is not. It counts with the grade "
    "that you give; both grades stay on record.",
    Outcome.RETURNED: "The text shows the source, or something else must be put right. "
    "It does not count; its submitter sees your reason and corrects it.",
}


class AssureForm(VersionForm):
    """Pass, pass with another grade, or return, and why."""

    outcome = forms.ChoiceField(
        label="Decision",
        choices=Outcome,
        widget=GovukRadios(
            hints={str(key): text for key, text in _HINTS.items()},
            reveals={Outcome.REGRADED: ["source_grade", "assessment_grade"]},
        ),
    )
    source_grade = forms.ChoiceField(
        label="Source evaluation",
        required=False,
        **defined_radios(SOURCE_DEFINITIONS.values()),
    )
    assessment_grade = forms.ChoiceField(
        label="Intelligence assessment",
        required=False,
        **defined_radios(ASSESSMENT_DEFINITIONS.values()),
    )
    reason = LongTextField(
        label="Reason",
        required=False,
        max_length=2000,
        help_text="Needed unless you pass the report as it is. The submitter reads it.",
    )
