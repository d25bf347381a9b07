"""Two people changed one record: what it was, what it is now, and what was typed.

What it was comes from the history, under the reader's rights; the browser says only
which version it was shown.
"""

import datetime
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django import forms
from django.http import QueryDict

from groups import former
from groups.former import Ending
from groups.forms.fields import RecordForm
from groups.threeway import Keep, preselected
from ocgmap.common.date_fields import DateParts
from ocgmap.common.forms import GovukForm, GovukRadios
from ocgmap.common.templatetags.govuk import uk_date

# Stands for a value that was not told, or cannot be worked out.
UNKNOWN = object()
# Hidden fields of the page: the version that was opened at first, and the choices.
OPENED = "opened"
KEEP = "keep"
# The button that shows the form with the choices made, instead of saving it.
LOOK = "look"
Values = Mapping[str, Any]
_CHOICES = (
    (Keep.THEIRS.value, "What stands now"),
    (Keep.MINE.value, "What you typed"),
)


@dataclass(frozen=True, slots=True)
class Then:
    """What the fields of a form said in one state, and how that ended."""

    values: Values
    ended: Ending | None = None


@dataclass(frozen=True, slots=True)
class Background:
    """What stood from the version that was opened until now, oldest first.

    `fields` holds at least the present state; without a known base, that alone. `rows`
    are the lists of the page, then and now, by prefix and by the id of the part.
    """

    fields: Sequence[Then]
    is_base_known: bool
    rows_then: Mapping[str, Mapping[str, Values]] = field(default_factory=dict)
    rows_now: Mapping[str, Mapping[str, Values]] = field(default_factory=dict)

    @property
    def base(self) -> Values:
        """Return what stood when the form was opened."""
        return self.fields[0].values

    @property
    def now(self) -> Values:
        """Return what stands now."""
        return self.fields[-1].values


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that now says something else than was typed.

    `was` is None where that is not known; `user_id` and `at` say who changed it since.
    """

    key: str
    label: str
    was: str | None
    now: str
    typed: str
    keep: Keep | None
    user_id: int | None = None
    at: datetime.datetime | None = None


class KeepForm(GovukForm):
    """Which text stands, for each difference."""

    def __init__(
        self,
        data: QueryDict | None,
        differences: Iterable[Difference],
        chosen: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(data, prefix=KEEP)
        for one in differences:
            self.fields[one.key] = forms.ChoiceField(
                label=f"{one.label}: which is kept",
                choices=_CHOICES,
                initial=chosen.get(one.key, one.keep),
                widget=GovukRadios(attrs={"class": "govuk-radios--inline"}),
                error_messages={
                    "required": f"{one.label} was changed by you and by someone else. "
                    "Choose which is kept."
                },
            )

    def theirs(self) -> frozenset[str]:
        """Return the keys of the differences where what stands now is kept."""
        kept = self.cleaned_data.items()
        return frozenset(key for key, side in kept if side == Keep.THEIRS)


def chosen_in(data: QueryDict) -> dict[str, str]:
    """Return the choices that a page of a conflict sent, by key."""
    start = f"{KEEP}-"
    sides = {side.value for side in Keep}
    return {
        name.removeprefix(start): str(data[name])
        for name in data
        if name.startswith(start) and data[name] in sides
    }


def typed_in(data: QueryDict) -> QueryDict:
    """Return what was typed, without what belongs to the page of a conflict."""
    kept = data.copy()
    for name in data:
        if name in {OPENED, LOOK} or name.startswith(f"{KEEP}-"):
            del kept[name]
    return kept


def differences(
    form: RecordForm, formsets: Mapping[str, Any], background: Background
) -> list[Difference]:
    """Return each field, and each row of a list, that was typed otherwise than it is."""
    form.is_valid()
    names = [
        name
        for name, one in form.fields.items()
        if not isinstance(one.widget, forms.HiddenInput)
        and (name in background.now or name in background.base)
    ]
    found = [_field(form, name, background) for name in names]
    for prefix, formset in formsets.items():
        found += [_row(formset, row, prefix, background) for row in formset.forms]
    return [one for one in found if one is not None]


def _field(form: RecordForm, name: str, background: Background) -> Difference | None:
    one, data = form.fields[name], form[name].data
    now, base = background.now.get(name), background.base.get(name)
    typed = _typed(form, name)
    # Boxes that a page did not send read as empty ones do.
    if not one.has_changed(now, data) or typed == _words(one, now):
        return None
    is_known = background.is_base_known and base is not UNKNOWN
    ended = _last_step(name, background.fields)
    return Difference(
        key=name,
        label=str(one.label),
        was=_words(one, base) if is_known else None,
        now=_words(one, now),
        typed=typed,
        keep=preselected(
            is_base_known=is_known,
            mine=is_known and one.has_changed(base, data),
            theirs=base != now,
        ),
        user_id=ended.user_id if ended else None,
        at=ended.at if ended else None,
    )


def _last_step(name: str, states: Sequence[Then]) -> Ending | None:
    """Return how the last state ended in which the field said something else."""
    for before, after in reversed(list(itertools.pairwise(states))):
        if before.values.get(name) != after.values.get(name):
            return before.ended
    return None


def _row(
    formset: Any, form: RecordForm, prefix: str, background: Background
) -> Difference | None:
    """Return the difference of a row that stood already; new rows meet nobody's."""
    part = str(form["part"].value() or "")
    if not part:
        return None
    now = background.rows_now.get(prefix, {}).get(part)
    base = background.rows_then.get(prefix, {}).get(part)
    if not _is_other(form, now):
        return None
    number = formset.forms.index(form) + 1
    is_known = background.is_base_known and base is not None
    return Difference(
        key=f"{prefix}-{number - 1}",
        label=f"{prefix.capitalize()}, row {number}",
        was=_row_words(form, base) if is_known else None,
        now=_row_words(form, now),
        typed=_typed_row(form),
        keep=preselected(
            is_base_known=is_known, mine=_is_other(form, base), theirs=base != now
        ),
    )


def _is_other(form: RecordForm, values: Values | None) -> bool:
    """Return whether the row says something else than these values, or than nothing."""
    return values is None or any(
        one.has_changed(values.get(name), form[name].data)
        for name, one in form.fields.items()
        if name != "part"
    )


def _row_words(form: RecordForm, values: Values | None) -> str:
    if values is None:
        return "Withdrawn"
    texts = [
        (str(one.label), _words(one, values.get(name)))
        for name, one in form.fields.items()
        if name in values and name != "part"
    ]
    return "; ".join(f"{label}: {text}" for label, text in texts if text)


def _typed_row(form: RecordForm) -> str:
    if form["is_withdrawn"].data:
        return "Withdraw this row"
    texts = [
        (str(one.label), _typed(form, name))
        for name, one in form.fields.items()
        if name not in {"part", "is_withdrawn"}
    ]
    return "; ".join(f"{label}: {text}" for label, text in texts if text)


def _typed(form: RecordForm, name: str) -> str:
    """Return what was typed, in words."""
    one = form.fields[name]
    if isinstance(one.widget, DateParts) and name in getattr(form, "cleaned_data", {}):
        return _words(one, form.cleaned_data[name])
    return _words(one, form[name].value())


def _words(one: forms.Field, value: Any) -> str:
    """Return a value of a form as people read it."""
    if isinstance(one, forms.BooleanField):
        return "Yes" if one.to_python(value) else "No"
    if isinstance(one.widget, DateParts) and not isinstance(value, list):
        return uk_date(value)
    if isinstance(one.widget, DateParts):
        return " ".join(str(part) for part in value if part)
    chosen = value if isinstance(value, list | tuple) else [value]
    texts = {
        str(key): str(text)
        for key, text in getattr(one, "choices", ())
        if not isinstance(text, list | tuple)
    }
    told = [texts.get(str(each), str(each)) for each in chosen if each is not None]
    return ", ".join(told)


def with_names(found: Sequence[Difference]) -> list[tuple[Difference, str]]:
    """Return each difference with the name of who changed the field since."""
    names = former.names_of(one.user_id for one in found)
    return [(one, names.get(one.user_id, "")) for one in found]
