"""What a refused field says: its name, the rule and the cure, for any Django form."""

from django import forms

from ocgmap.common import plain_text

# Codes whose text Django fills in with the limit and the length of what was typed.
LIMITS = {
    "max_length": "{0} must have %(limit_value)d characters or fewer; it has "
    "%(show_value)d. Shorten it.",
    "min_length": "{0} must have %(limit_value)d characters or more; it has "
    "%(show_value)d. Write more.",
    "max_value": "{0} must be %(limit_value)s or less. Enter a smaller number.",
    "min_value": "{0} must be %(limit_value)s or more. Enter a larger number.",
}
CHOICE = "{0} has no option “%(value)s”. Choose one that the list offers."


def word_errors(field: forms.Field, label: str) -> None:
    """Give the field messages that name it, where its author left Django's own."""
    stock = _stock_messages(type(field))
    for code, text in _messages(field, label).items():
        if field.error_messages.get(code) is stock.get(code):
            field.error_messages[code] = text


def _messages(field: forms.Field, label: str) -> dict[str, str]:
    """Return our wording for the codes that this kind of field can raise."""
    # These pass through %-formatting, the others do not.
    doubled = label.replace("%", "%%")
    worded = {code: text.format(doubled) for code, text in LIMITS.items()}
    worded["required"] = _required(field, label)
    worded["null_characters_not_allowed"] = (
        f"{label} {plain_text.FAULT} {plain_text.CURE}"
    )
    if isinstance(field, forms.ChoiceField):
        worded["invalid_choice"] = CHOICE.format(doubled)
    elif isinstance(field, forms.IntegerField):
        worded["invalid"] = f"{label} must be a number. Enter digits only."
    elif isinstance(field, forms.EmailField):
        worded["invalid"] = (
            f"{label} must be an email address. Enter it like name@example.org."
        )
    elif isinstance(field, forms.DateField):
        worded["invalid"] = f"{label} must be a real date. Enter it like 27/3/2025."
    elif isinstance(field, forms.FileField):
        worded["empty"] = f"{label}: the file is empty. Choose another file."
    return worded


def _required(field: forms.Field, label: str) -> str:
    """Return what is said when nothing was given."""
    if isinstance(field, forms.MultipleChoiceField):
        return f"Select at least one option for “{label}”."
    if isinstance(field, forms.ChoiceField):
        return f"Select an option for “{label}”."
    if isinstance(field, forms.BooleanField):
        return f"“{label}” must be ticked. Tick it to go on."
    if isinstance(field, forms.FileField):
        return f"{label} is missing. Choose a file."
    return f"{label} must be filled in. Enter it to go on."


def _stock_messages(kind: type[forms.Field]) -> dict[str, object]:
    """Return the messages that Django would use for this kind of field."""
    stock: dict[str, object] = {}
    for parent in reversed(kind.__mro__):
        stock.update(getattr(parent, "default_error_messages", {}))
    return stock
