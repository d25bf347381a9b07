"""Forms that change who may see a record, and that decide on such a change."""

from typing import Any

from django import forms

from accounts.actions.labels import desks, options_for
from accounts.models import Organisation
from accounts.models.access_class import TagKind
from groups.forms.fields import CompartmentsField, RecordForm, offer_compartments
from ocgmap.common.forms import GovukRadios, LongTextField

_HIDDEN = (
    "Hides the record from the region and the nation. A group is hidden for 14 days, and "
    "for 90 more each time another person approves; then it is shared as usual."
)


class DecisionForm(RecordForm):
    """Why a step is taken, made from the version that was shown."""

    reason = LongTextField(
        label="Reason",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ChangeSharingForm(DecisionForm):
    """Who may see a record from now on."""

    field_order = ["sharing", "compartments", "reason", "version"]

    sharing = forms.ChoiceField(label="Who may see this record", widget=GovukRadios())
    compartments = CompartmentsField()

    def __init__(self, *args: Any, owner: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [
            one
            for one in options_for(owner)
            if owner.pk == self.viewer.organisation_id
            or one.label.requires <= self.viewer.tags
        ]
        choices = [(one.code, one.text) for one in offered]
        field = self.fields["sharing"]
        field.choices = choices  # type: ignore[attr-defined]
        field.widget = GovukRadios(
            choices=choices,
            hints={
                one.code: _HIDDEN if one.code == TagKind.ORGANISATION else one.hint
                for one in offered
            },
        )
        offer_compartments(self, True)


class SendUpForm(DecisionForm):
    """To which desk a record is sent up."""

    field_order = ["desk", "reason", "version"]

    desk = forms.ChoiceField(label="Which desk", widget=GovukRadios())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(tag.public_id): tag for tag in desks()}
        choices = [(code, tag.name) for code, tag in self.offered.items()]
        self.fields["desk"].choices = choices  # type: ignore[attr-defined]
        self.fields["desk"].widget = GovukRadios(choices=choices)
        if not choices:
            self.fields[
                "desk"
            ].help_text = (
                "No compartment takes referrals today. Ring the unit that you mean."
            )

    def clean_desk(self) -> Any:
        """Return the compartment."""
        return self.offered[self.cleaned_data["desk"]]
