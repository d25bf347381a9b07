"""Every form as GOV.UK components: set FORM_RENDERER to `GovukRenderer`.

The renderer works on any Django form, those of allauth and django-filter included;
`GovukFormMixin` adds what only our own forms need.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString, mark_safe

from ocgmap.common.date_fields import DateParts
from ocgmap.common.errors import AppError
from ocgmap.common.form_errors import word_errors

# Attributes that a browser acts on by itself: they cut pasted text short or speak
# over our messages, so the server alone decides; and a placeholder is no label.
NOT_FOR_BROWSERS = (
    "required",
    "maxlength",
    "minlength",
    "min",
    "max",
    "step",
    "cols",
    "placeholder",
)


class OptionHints:
    """Choices with a hint below each, and fields that belong to one choice.

    ``hints`` and ``reveals`` are keyed by the choice's value; ``reveals`` names form
    fields that are shown below their choice (folded by the style sheet when it is not taken).
    """

    hints: Mapping[str, str]
    reveals: Mapping[str, Sequence[str]]
    revealed: Mapping[str, SafeString]

    def __init__(
        self,
        *args: Any,
        hints: Mapping[str, str] | None = None,
        reveals: Mapping[str, Sequence[str]] | None = None,
        **kwargs: Any,
    ) -> None:
        self.hints = hints or {}
        self.reveals = reveals or {}
        self.revealed = {}
        super().__init__(*args, **kwargs)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> Any:
        """Add the choice's hint and the fields it reveals to its context."""
        option = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        option["hint"] = self.hints.get(str(value), "")
        option["reveal"] = self.revealed.get(str(value), "")
        return option


class GovukRadios(OptionHints, forms.RadioSelect):
    """Radios with a hint below each choice; class ``govuk-radios--inline`` for a row."""


class GovukCheckboxes(OptionHints, forms.CheckboxSelectMultiple):
    """Checkboxes with a hint below each choice."""


class LongTextField(forms.CharField):
    """Text of several lines; a line break counts as one character, as on screen."""

    widget = forms.Textarea(attrs={"rows": "8"})

    def to_python(self, value: Any) -> Any:
        """Return the text with plain line feeds, as the counter beside it counts."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text


class GovukBoundField(BoundField):
    """A field with the classes and descriptions that GOV.UK Frontend expects."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        word_errors(field, str(self.label))

    @property
    def use_fieldset(self) -> bool:
        """Return whether several inputs share one question."""
        if isinstance(self.field.widget, forms.ClearableFileInput):
            return False
        return super().use_fieldset

    @property
    def is_single_checkbox(self) -> bool:
        """Return whether this is a lone box whose label stands beside it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def character_limit(self) -> int | None:
        """Return the length to count down from, for texts of several lines."""
        if isinstance(self.field.widget, forms.Textarea):
            return getattr(self.field, "max_length", None)
        return None

    @property
    def component(self) -> str:
        """Return the GOV.UK component that runs around this input, or an empty text."""
        if isinstance(self.field.widget, forms.PasswordInput):
            return "govuk-password-input"
        return "govuk-character-count" if self.character_limit else ""

    @property
    def shows_optional(self) -> bool:
        """Return whether the label must say that the field may be left out."""
        marks = getattr(self.form, "marks_optional", False)
        return bool(marks) and not self.field.required and not self.is_single_checkbox

    @property
    def aria_describedby(self) -> str | None:
        """Return the ids of counter, hint and error, in the order they are read."""
        if self.field.widget.attrs.get("aria-describedby") or not self.auto_id:
            return None
        ids = [
            f"{self.auto_id}-info" if self.character_limit else "",
            f"{self.auto_id}_helptext" if self.help_text else "",
            f"{self.auto_id}_error" if self.errors else "",
        ]
        return " ".join(part for part in ids if part)

    @property
    def anchor(self) -> str:
        """Return the id of the first input, or of the first wrong box of a date."""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return f"{self.auto_id}_0"
        self._mark_wrong_parts()
        return self.id_for_label or self.auto_id

    def as_widget(self, *args: Any, **kwargs: Any) -> SafeString:
        """Render the widget with its wrong boxes marked and its reveals filled."""
        self._mark_wrong_parts()
        widget = self.field.widget
        if isinstance(widget, OptionHints):
            widget.revealed = {
                value: mark_safe(  # noqa: S308 - each part is a rendered template
                    "".join(self.form[name].as_field_group() for name in names)
                )
                for value, names in widget.reveals.items()
            }
        return super().as_widget(*args, **kwargs)

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """Return the input's attributes: our classes, no checks by the browser."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if widget.is_hidden:
            return attrs
        attrs.update(dict.fromkeys(NOT_FOR_BROWSERS, False))
        if self.use_fieldset:
            # The group is described and marked as wrong, not each of its inputs.
            attrs.pop("aria-invalid", None)
            return attrs
        counter = "govuk-js-character-count" if self.character_limit else ""
        attrs["class"] = _classes(widget, counter, is_wrong=bool(self.errors))
        if isinstance(widget, forms.NumberInput):
            has_decimals = widget.attrs.get("step") not in {None, "1", 1}
            attrs["inputmode"] = "decimal" if has_decimals else "numeric"
        return attrs

    def _mark_wrong_parts(self) -> None:
        """Tell a date's widget which boxes its errors are about."""
        widget = self.field.widget
        if isinstance(widget, DateParts):
            found = self.form.errors.as_data().get(self.name, [])
            widget.wrong_parts = frozenset(
                part
                for error in found
                for part in (error.params or {}).get("parts", ())
            )


class GovukRenderer(TemplatesSetting):
    """Render every form with templates/django/forms and the bound field above."""

    bound_field_class = GovukBoundField


class GovukFormMixin:
    """For our own forms: optional fields say so, and rules' errors find their field."""

    use_required_attribute = False
    marks_optional = True

    @property
    def revealed_names(self) -> frozenset[str]:
        """Return the names of fields that stand inside another field's choice."""
        fields: Mapping[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        return frozenset(
            name
            for field in fields.values()
            if isinstance(field.widget, OptionHints)
            for names in field.widget.reveals.values()
            for name in names
        )

    def add_app_error(self, error: AppError) -> None:
        """Show a rule's refusal beside its field, or above the form without one."""
        fields: Mapping[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        cure = str(error.details.get("cure", ""))
        text = error.message if cure in error.message else f"{error.message} {cure}"
        field = error.field if error.field in fields else None
        self.add_error(field, text)  # type: ignore[attr-defined]


class GovukForm(GovukFormMixin, forms.Form):
    """A form of ours that is not about one table row."""


@dataclass(frozen=True, slots=True)
class ErrorLink:
    """One line of the error summary; no anchor when no field is to blame."""

    message: str
    anchor: str = ""


def error_links(*sources: Any) -> list[ErrorLink]:
    """Return a line for every error of the given forms and formsets, in page order."""
    links: list[ErrorLink] = []
    for source in sources:
        if isinstance(source, forms.BaseFormSet):
            links += [ErrorLink(str(text)) for text in source.non_form_errors()]
            links += error_links(*source.forms)
        elif isinstance(source, forms.BaseForm):
            links += _form_links(source)
    return links


def _form_links(form: forms.BaseForm) -> list[ErrorLink]:
    """Return the lines of one form: those about no field first, as it shows them."""
    links = [ErrorLink(str(text)) for text in form.non_field_errors()]
    for bound in form:
        anchor = getattr(bound, "anchor", bound.id_for_label)
        links += [ErrorLink(str(text), anchor) for text in bound.errors]
    return links


def _classes(widget: forms.Widget, *more: str, is_wrong: bool) -> str:
    """Return the component's classes with those that the form's author asked for."""
    block = "govuk-input"
    if isinstance(widget, forms.Textarea):
        block = "govuk-textarea"
    elif isinstance(widget, forms.Select):
        block = "govuk-select"
    elif isinstance(widget, forms.FileInput):
        block = "govuk-file-upload"
    elif isinstance(widget, forms.PasswordInput):
        block += " govuk-password-input__input govuk-js-password-input-input"
    elif isinstance(widget, forms.CheckboxInput):
        return "govuk-checkboxes__input"
    error = f"{block.split()[0]}--error" if is_wrong else ""
    asked = str(widget.attrs.get("class", ""))
    return " ".join(name for name in (block, asked, error, *more) if name)
