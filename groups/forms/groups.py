"""Forms of the group itself: record it, change it, move it to another state."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from accounts.actions.labels import region_of
from accounts.models import Organisation, OrganisationPlacement
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions.states import next_states, next_statuses
from groups.forms.fields import (
    FREE_TEXT_HINT,
    NARROW,
    RecordForm,
    SharingForm,
    ThreatField,
)
from groups.models import CrimeGroup, GroupThreat
from groups.models.crime_group import (
    ActivityStatus,
    Answer,
    GroupKind,
    RecordState,
    ReviewOutcome,
    Tier,
    Trigger,
)
from ocgmap.common.date_fields import GovukDateField
from ocgmap.common.forms import GovukRadios, LongTextField

INLINE = {"class": "govuk-radios--inline"}
S45_HINT = (
    "Serious Crime Act 2015 s.45(6): three or more persons who act, or agree to act, "
    "together to further criminal activities."
)


def owners_for(viewer: Viewer) -> list[Organisation]:
    """Return the organisations that ``viewer`` may record for, the own one first."""
    own = Organisation.objects.get(pk=viewer.organisation_id)
    region = region_of(own) if viewer.has(Right.MODERATE) else None
    if region is None or region.pk != own.pk:
        return [own]
    placed = OrganisationPlacement.objects.on(timezone.localdate()).filter(parent=own)
    return [
        own,
        *Organisation.objects.filter(pk__in=placed.values("organisation")).order_by(
            "name"
        ),
    ]


class GroupFields(RecordForm):
    """What is said of a group, whether new or changed."""

    names: ClassVar[Mapping[str, str]] = {"threat_type": "predominant_threat"}
    field_order = [
        "owner",
        "name",
        "summary",
        "kind",
        "predominant_threat",
        "rationale",
        "tier",
        "s45_test",
        "soc_test",
        "lead_officer",
        "owner_reference",
        "review_on",
    ]

    name = forms.CharField(label="Name of the group", max_length=120)
    summary = LongTextField(
        label="Summary", help_text=FREE_TEXT_HINT, max_length=4000, required=False
    )
    kind = forms.ChoiceField(
        label="Kind of record",
        choices=GroupKind.choices,
        initial=GroupKind.CRIME_GROUP,
        widget=GovukRadios(),
    )
    predominant_threat = ThreatField(
        label="Predominant threat", empty_label="Not known", required=False
    )
    tier = forms.ChoiceField(
        label="Tier",
        help_text="Which level of tasking owns the response.",
        choices=Tier.choices,
        initial=Tier.NONE,
        widget=GovukRadios(attrs=INLINE),
    )
    s45_test = forms.ChoiceField(
        label="Is it an organised crime group in law?",
        help_text=S45_HINT,
        choices=Answer.choices,
        initial=Answer.UNKNOWN,
        widget=GovukRadios(attrs=INLINE),
    )
    soc_test = forms.ChoiceField(
        label="Is it serious and organised crime?",
        help_text="Serious offences planned, coordinated and conducted with others.",
        choices=Answer.choices,
        initial=Answer.UNKNOWN,
        widget=GovukRadios(attrs=INLINE),
    )
    lead_officer = forms.CharField(label="Lead officer", max_length=120, required=False)
    owner_reference = forms.CharField(
        label="Your own reference",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=NARROW),
    )
    review_on = GovukDateField(label="Review by", allow_future=True, required=False)
    rationale = LongTextField(
        label="What the record is based on",
        help_text="Needed when you enter a threat or a member: it stands with each.",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a new predominant threat without saying what it is based on."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        threat = values.get("predominant_threat")
        is_new = threat and threat.code != self.initial.get("predominant_threat")
        if is_new and not values.get("rationale", "").strip():
            self.add_error(
                "rationale", "Enter what the predominant threat is based on."
            )
        return values

    def said(self) -> dict[str, Any]:
        """Return what was said of the group, as the actions take it."""
        return {
            **self.given(
                "name",
                "summary",
                "kind",
                "tier",
                "s45_test",
                "soc_test",
                "lead_officer",
                "owner_reference",
                "review_on",
                "predominant_threat",
            ),
            "rationale": self.cleaned_data["rationale"].strip(),
        }


class GroupForm(SharingForm, GroupFields):
    """A new group, and who may see it."""

    owner = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Owner of the record",
        to_field_name="code",
        empty_label=None,
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        owners = owners_for(viewer)
        super().__init__(*args, viewer=viewer, owner=owners[0], **kwargs)
        if len(owners) == 1:
            del self.fields["owner"]
        else:
            rows = Organisation.objects.filter(pk__in=[one.pk for one in owners])
            self.fields["owner"].queryset = rows  # type: ignore[attr-defined]
            self.fields["owner"].initial = owners[0].code
        self._own = owners[0]

    def said(self) -> dict[str, Any]:
        """Return what was said of the new group, with its owner and sharing."""
        owner = self.cleaned_data.get("owner") or self._own
        return {"owner": owner, **super().said(), **self.sharing_values()}


class GroupEditForm(GroupFields):
    """Changes of a group, made from the version that was shown.

    Not who may see it: a step of its own changes that.
    """

    reason = forms.CharField(
        label="Reason for the change", max_length=200, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def changes(self) -> dict[str, Any]:
        """Return everything that was said; what is equal changes nothing."""
        return {**self.said(), "reason": self.cleaned_data["reason"]}


def group_values(group: CrimeGroup, viewer: Viewer) -> dict[str, Any]:
    """Return the present values of a group for its edit form."""
    chief = (
        GroupThreat.objects.visible_to(viewer)
        .open()
        .filter(group=group, is_predominant=True)
        .select_related("threat_type")
        .first()
    )
    columns = (
        "name",
        "summary",
        "kind",
        "tier",
        "s45_test",
        "soc_test",
        "lead_officer",
        "owner_reference",
        "review_on",
        "version",
    )
    return {
        **{name: getattr(group, name) for name in columns},
        "predominant_threat": chief.threat_type.code if chief else None,
    }


class StateForm(RecordForm):
    """One step of a group's record, with its reason."""

    step = forms.ChoiceField(label="What should happen", widget=GovukRadios())
    review_on = GovukDateField(
        label="When it is looked at again", allow_future=True, required=False
    )
    trigger = forms.ChoiceField(
        label="What made you put it forward",
        choices=[("", "Not said"), *Trigger.choices],
        required=False,
    )
    reason = LongTextField(
        label="Reason",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    names: ClassVar[Mapping[str, str]] = {
        "record_state": "step",
        "activity_status": "step",
    }

    def __init__(
        self, *args: Any, group: CrimeGroup, closed: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        steps = steps_of(group)
        reveals = {f"activity_status:{ActivityStatus.DORMANT}": ["review_on"]}
        if group.trigger or RecordState.SUBMITTED not in next_states(group):
            del self.fields["trigger"]
        else:
            reveals[f"record_state:{RecordState.SUBMITTED}"] = ["trigger"]
        self.fields["step"].choices = steps  # type: ignore[attr-defined]
        self.fields["step"].widget = GovukRadios(
            choices=steps, hints=closed, reveals=reveals
        )

    def step_values(self) -> dict[str, Any]:
        """Return the step as the action takes it."""
        column, _, value = self.cleaned_data["step"].partition(":")
        return {
            column: value,
            "review_on": self.cleaned_data["review_on"],
            "trigger": self.cleaned_data.get("trigger", ""),
        }


class ReviewForm(RecordForm):
    """What the review of a mapped group came to, and when it is looked at again."""

    outcome = forms.ChoiceField(
        label="Outcome",
        choices=ReviewOutcome.choices,
        widget=GovukRadios(
            hints={
                ReviewOutcome.RESCORE: "Judge the attributes anew, then confirm the "
                "band.",
                ReviewOutcome.REST: "Then change its state.",
                ReviewOutcome.ARCHIVE: "Then change its state.",
            }
        ),
    )
    review_on = GovukDateField(label="Next review", allow_future=True)
    reason = LongTextField(
        label="What was looked at, and why this outcome",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


_STEPS: Mapping[str, str] = {
    RecordState.SUBMITTED: "Submit it to the region for mapping",
    RecordState.MAPPED: "Map it: it counts in the figures",
    RecordState.RETURNED: "Return it to its author",
    ActivityStatus.ACTIVE: "Re-activate it: the group is at work again",
    ActivityStatus.DORMANT: "Let it rest: the group is dormant",
    ActivityStatus.ARCHIVED: "Archive it: it leaves the headline figures",
}


def steps_of(group: CrimeGroup) -> list[tuple[str, str]]:
    """Return the steps that the present state and status lead to."""
    states = [state for state in RecordState.values if state in next_states(group)]
    statuses = [one for one in ActivityStatus.values if one in next_statuses(group)]
    return [
        *((f"record_state:{state}", _STEPS[state]) for state in states),
        *((f"activity_status:{status}", _STEPS[status]) for status in statuses),
    ]


class ModerateForm(RecordForm):
    """The decision on a submitted record."""

    decision = forms.ChoiceField(
        label="Decision",
        choices=[
            (RecordState.MAPPED, "Map it"),
            (RecordState.RETURNED, "Return it"),
        ],
    )
    reason = LongTextField(
        label="Reason",
        max_length=1000,
        help_text="Name what convinced you, or what is missing.",
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    names: ClassVar[Mapping[str, str]] = {"record_state": "decision"}

    def __init__(self, *args: Any, needs: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decision: Any = self.fields["decision"]
        decision.widget = GovukRadios(
            choices=decision.choices,
            hints={
                RecordState.MAPPED: needs
                or "It counts in the figures of force, region and nation from now on.",
                RecordState.RETURNED: "Its owner reads your reason, corrects the record "
                "and submits it again.",
            },
        )
