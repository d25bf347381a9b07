"""What a caller sends to submit a report: shapes here, rules in the action."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import StrictSerializer
from accounts.models.access_class import TagKind
from intelligence.grading import NOTE_MAX_LENGTH, Recipients
from intelligence.models.claim import Level
from ocgmap.common.records import Precision

SHARING = [(kind.value, kind.label) for kind in TagKind if kind != TagKind.COMPARTMENT]
MOST_NAMED = 200  # groups, people or claims in one report
TEXT_LONGEST = 20_000  # the action refuses less, in words made for people


class CodeField(serializers.Field[Any, Any, Any, Any]):
    """A code as number or text; whether it is on its scale, the action says."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the code as it came.

        Raises:
            ValidationError: it is neither a whole number nor a short text.
        """
        if isinstance(data, bool) or not isinstance(data, int | str):
            raise serializers.ValidationError("Give the code as a number or text.")
        if len(str(data)) > 10 or "\0" in str(data):
            raise serializers.ValidationError("This is not a code.")
        return data

    def to_representation(self, value: Any) -> Any:
        """Return the code."""
        return value


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": 3})
class SourceGradeField(CodeField):
    """1, 2 or 3."""


@extend_schema_field({"type": "string", "pattern": "^[A-E]$"})
class AssessmentGradeField(CodeField):
    """A to E."""


@extend_schema_field({"type": "string", "pattern": "^[PC]$"})
class HandlingField(CodeField):
    """P or C."""


@extend_schema_field({"type": "string", "pattern": "^[A-E][1-5][1-5]$"})
class LegacyGradeField(CodeField):
    """A 5x5x5 grade such as B21."""


class ConditionBody(StrictSerializer):
    """The condition that handling code C needs."""

    recipients = serializers.ChoiceField(choices=[one.value for one in Recipients])
    note = serializers.CharField(
        max_length=NOTE_MAX_LENGTH, required=False, allow_blank=True, default=""
    )


class ClaimBody(StrictSerializer):
    """That the report puts an attribute of a group at a level."""

    group = serializers.UUIDField()
    attribute = serializers.CharField(max_length=60)
    level = serializers.ChoiceField(choices=Level.choices)


class ReportBody(StrictSerializer):
    """One report in sanitised text. Nothing above OFFICIAL-SENSITIVE is taken.

    Groups and people are named by id, and must be visible to the token's account. With
    a 5x5x5 `legacy_grade` the three codes may be left out; its source C needs
    `legacy_source_choice`. `sharing_reason` is needed with `sharing: organisation`.
    """

    owner = serializers.CharField(
        required=False,
        max_length=60,
        help_text="Code of the organisation; the account's own if left out.",
    )
    owner_reference = serializers.CharField(
        required=False, allow_blank=True, max_length=40, default=""
    )
    text = serializers.CharField(max_length=TEXT_LONGEST, trim_whitespace=False)
    original_text = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, default=""
    )
    received_on = serializers.DateField()
    event_from = serializers.DateField(required=False, allow_null=True, default=None)
    event_to = serializers.DateField(required=False, allow_null=True, default=None)
    event_precision = serializers.ChoiceField(
        choices=Precision.choices, required=False, default=Precision.UNKNOWN
    )
    source_grade = SourceGradeField(required=False, allow_null=True, default=None)
    assessment_grade = AssessmentGradeField(
        required=False, allow_null=True, default=None
    )
    handling = HandlingField(required=False, allow_null=True, default=None)
    condition = ConditionBody(required=False, allow_null=True, default=None)
    legacy_grade = LegacyGradeField(required=False, default="")
    legacy_source_choice = SourceGradeField(
        required=False, allow_null=True, default=None
    )
    sharing = serializers.ChoiceField(choices=SHARING)
    sharing_reason = serializers.CharField(
        required=False, allow_blank=True, max_length=500, default=""
    )
    compartments = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=20
    )
    groups = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_NAMED
    )
    nominals = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_NAMED
    )
    claims = ClaimBody(many=True, required=False)
    returned_in = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Id of the return that this report belongs to.",
    )

    def validate_claims(self, value: list[Any]) -> list[Any]:
        """Return the claims, unless there are too many.

        Raises:
            ValidationError: there are more than a report may make.
        """
        if len(value) > MOST_NAMED:
            raise serializers.ValidationError(
                f"A report makes at most {MOST_NAMED} claims. Split it."
            )
        return value
