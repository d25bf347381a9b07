"""What a program sends to change records; every body names the version it is about."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import StrictSerializer
from accounts.models import Organisation
from groups.actions.bulk import MOST_AT_ONCE
from groups.models import GroupAlias, NominalAlias, ThreatType
from groups.models.crime_group import (
    ActivityStatus,
    Answer,
    GroupKind,
    RecordState,
    ReviewOutcome,
    Tier,
    Trigger,
)
from groups.models.participation import DpaCategory, Standing
from groups.models.transfer import SharingAfter
from ocgmap.common.records import Basis, Precision

LONGEST_REASON = 1000
VERSION_HELP = "Version of the record that you saw; 412 when it has another by now."


class StepBody(StrictSerializer):
    """A step on a record: the version that was seen, and why."""

    version = serializers.IntegerField(min_value=1, help_text=VERSION_HELP)
    reason = serializers.CharField(max_length=LONGEST_REASON)


class StateBody(StepBody):
    """Where a group is moved: one of the two, or both."""

    record_state = serializers.ChoiceField(RecordState.choices, required=False)
    activity_status = serializers.ChoiceField(ActivityStatus.choices, required=False)
    review_on = serializers.DateField(
        required=False, help_text="For a group that rests: when it is looked at again."
    )
    trigger = serializers.ChoiceField(
        Trigger.choices,
        required=False,
        help_text="For a submission: what made the owner put the group forward.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: neither a state nor a status was named.
        """
        if not {"record_state", "activity_status"} & attrs.keys():
            raise serializers.ValidationError(
                {"record_state": ["Name a record_state or an activity_status."]}
            )
        return attrs


class ReviewBody(StepBody):
    """What the review of a mapped group came to, and when it is looked at again."""

    outcome = serializers.ChoiceField(ReviewOutcome.choices)
    review_on = serializers.DateField()


class GroupBody(StepBody):
    """What may be changed of a group; left out means unchanged."""

    name = serializers.CharField(max_length=120, required=False)
    summary = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    kind = serializers.ChoiceField(GroupKind.choices, required=False)
    tier = serializers.ChoiceField(Tier.choices, required=False)
    lead_officer = serializers.CharField(
        max_length=120, required=False, allow_blank=True
    )
    owner_reference = serializers.CharField(
        max_length=40, required=False, allow_blank=True
    )
    s45_test = serializers.ChoiceField(Answer.choices, required=False)
    soc_test = serializers.ChoiceField(Answer.choices, required=False)
    review_on = serializers.DateField(required=False, allow_null=True)


class TellingBody(StepBody):
    """What may be corrected of every fact; left out means unchanged."""

    basis = serializers.ChoiceField(Basis.choices, required=False)
    from_on = serializers.DateField(required=False, allow_null=True)
    to_on = serializers.DateField(
        required=False, allow_null=True, help_text="Null: it holds still."
    )
    precision = serializers.ChoiceField(Precision.choices, required=False)
    rationale = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class MembershipBody(TellingBody):
    """What may be corrected of a membership; left out means unchanged."""

    standing = serializers.ChoiceField(Standing.choices, required=False)
    dpa_category = serializers.ChoiceField(DpaCategory.choices, required=False)


class InvolvementBody(TellingBody):
    """What may be corrected of an involvement, never its kind: end it instead."""

    dpa_category = serializers.ChoiceField(DpaCategory.choices, required=False)
    review_on = serializers.DateField(required=False, allow_null=True)


class AliasBody(TellingBody):
    """What may be corrected of another name of a group."""

    name = serializers.CharField(max_length=120, required=False)
    kind = serializers.ChoiceField(
        GroupAlias._meta.get_field("kind").choices or (),  # noqa: SLF001
        required=False,
    )


class PersonAliasBody(TellingBody):
    """What may be corrected of another name of a person."""

    given_names = serializers.CharField(
        max_length=120, required=False, allow_blank=True
    )
    surname = serializers.CharField(max_length=120, required=False, allow_blank=True)
    kind = serializers.ChoiceField(
        NominalAlias._meta.get_field("kind").choices or (),  # noqa: SLF001
        required=False,
    )


class ThreatBody(TellingBody):
    """What may be corrected of a threat; as the predominant one, others step back."""

    threat_type = serializers.SlugRelatedField(
        slug_field="code",
        queryset=ThreatType.objects.all(),
        required=False,
        help_text="Code of a threat type.",
    )
    is_predominant = serializers.BooleanField(required=False)


class EndBody(StepBody):
    """The day on which a fact stopped to hold."""

    to_on = serializers.DateField()


class MergeBody(StepBody):
    """Which group stands from now on, the version that was seen, and why."""

    into = serializers.UUIDField(help_text="Id of the group that stands.")


class TransferBody(StrictSerializer):
    """To whom a group is to be handed over, and who may see it then."""

    receiver = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Organisation.objects.all(),
        help_text="Code of a force or regional unit.",
    )
    sharing = serializers.ChoiceField(
        SharingAfter.choices, default=str(SharingAfter.AS_NOW)
    )
    reason = serializers.CharField(max_length=LONGEST_REASON)


class DecisionBody(StepBody):
    """What becomes of a proposed transfer."""

    decision = serializers.ChoiceField(["accept", "decline", "take_back"])


class BulkRow(StrictSerializer):
    """One group, in the version that was seen."""

    id = serializers.UUIDField()
    version = serializers.IntegerField(min_value=1, help_text=VERSION_HELP)


class BulkChange(StrictSerializer):
    """What is to be the same of all these groups; left out means unchanged."""

    tier = serializers.ChoiceField(Tier.choices, required=False)
    lead_officer = serializers.CharField(max_length=120, required=False)
    review_on = serializers.DateField(required=False)
    activity_status = serializers.ChoiceField(ActivityStatus.choices, required=False)


class BulkBody(StrictSerializer):
    """The same change to several groups; a dry run says what it would do."""

    groups = serializers.ListField(
        child=BulkRow(), allow_empty=False, max_length=MOST_AT_ONCE
    )
    change = BulkChange()
    reason = serializers.CharField(max_length=LONGEST_REASON)
    dry_run = serializers.BooleanField(
        default=False, help_text="Write nothing, and say what would change."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the values.

        Raises:
            ValidationError: nothing is to change, or a group came twice.
        """
        if not attrs["change"]:
            raise serializers.ValidationError({"change": ["Name what is to change."]})
        ids = [row["id"] for row in attrs["groups"]]
        if len(ids) != len(set(ids)):
            raise serializers.ValidationError(
                {"groups": ["A group came twice. Name each once."]}
            )
        return attrs


class BulkOutcome(serializers.Serializer[Any]):
    """What became, or would become, of one group."""

    id = serializers.UUIDField()
    changes = serializers.DictField(
        child=serializers.ListField(),
        help_text="By field: the former value and the new one.",
    )
    refusal = serializers.CharField(
        allow_blank=True, help_text="Why it stays as it is; empty where it changes."
    )


class BulkResult(serializers.Serializer[Any]):
    """One outcome for each group that was asked for, in that order."""

    dry_run = serializers.BooleanField()
    results = BulkOutcome(many=True)
