"""Shapes that every resource shares: choices, organisations, strict bodies."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from django.db import models
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from accounts.models import Organisation
from accounts.models.user import MARKING_CHOICES

M = TypeVar("M", bound=models.Model)


class ChoicePair(serializers.Field[Any, Any, dict[str, Any], Any]):
    """A choice as `{"value": …, "label": …}`; null where nothing is chosen."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        listed = choices.choices if hasattr(choices, "choices") else choices
        self.labels = {value: str(label) for value, label in listed}
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> dict[str, Any] | None:  # type: ignore[override]
        """Return value and label."""
        if value in {None, ""}:
            return None
        return {"value": value, "label": self.labels.get(value, str(value))}


class ChoicePairSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Tell the schema of `ChoicePair`."""

    target_class = "accounts.api.fields.ChoicePair"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Return the object with the values it can hold."""
        values = [value for value in self.target.labels if value != ""]
        kind = "integer" if all(isinstance(one, int) for one in values) else "string"
        return {
            "type": "object",
            "nullable": True,
            "required": ["value", "label"],
            "properties": {
                "value": {"type": kind, "enum": values},
                "label": {"type": "string"},
            },
        }


class OrganisationBrief(serializers.ModelSerializer[Organisation]):
    """An organisation as others name it."""

    class Meta:
        model = Organisation
        fields: ClassVar = ["code", "name"]


class RecordSerializer(serializers.ModelSerializer[M]):
    """What every protected record shows of itself; `select_related` both relations."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    owner = OrganisationBrief(read_only=True)
    marking = ChoicePair(MARKING_CHOICES, source="access_class.marking")

    BASE: ClassVar = ["id", "owner", "marking", "version", "created_at", "changed_at"]


class StrictSerializer(serializers.Serializer[Any]):
    """A body to write from: a field that is not known is refused, never dropped."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the clean values.

        Raises:
            ValidationError: a field is unknown, missing or of the wrong type.
        """
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                names = ", ".join(self.fields)
                text = f"There is no such field. Use: {names}."
                raise serializers.ValidationError(
                    {str(name)[:60]: [text] for name in unknown}
                )
        return super().to_internal_value(data)
