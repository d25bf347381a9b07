"""A form larger than the service takes: which field is too long, and what else it said."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.urls import Resolver404, ResolverMatch, resolve

from accounts.gate import KEPT_CHARACTERS, Kept, is_own_form, kept_from
from intelligence.forms.report import ReportForm
from scoring.forms import BandForm, JudgementForm

MOST_READ = 20 * 1024 * 1024
# Pages whose view is a function; the others name their form themselves.
_FORMS: Mapping[str, Any] = MappingProxyType(
    {
        "intelligence:new": ReportForm,
        "intelligence:keep_report": ReportForm,
        "intelligence:supersede": ReportForm,
        "scoring:judge": JudgementForm,
        "scoring:confirm_band": BandForm,
    }
)


@dataclass(frozen=True, slots=True)
class Oversized:
    """What is wrong with each field that is too long, and the words of the others."""

    faults: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


def oversized(request: HttpRequest) -> Oversized:
    """Return what can be known of a form that was not taken for its size.

    Nothing is, where it is far too large, was no plain form, or came from elsewhere.
    """
    posted = _posted(request)
    if posted is None or not is_own_form(request):
        return Oversized()
    request.POST = posted  # type: ignore[assignment]
    fields = _fields_at(request.path)
    faults, texts, room = [], [], KEPT_CHARACTERS
    kept: Kept = kept_from(request)
    for name, value in kept.fields:
        fault = _fault(fields.get(name), value)
        if fault:
            faults.append(fault)
        elif " " in value.strip() and len(value) <= room:
            texts.append(value)
            room -= len(value)
    return Oversized(tuple(faults), tuple(texts))


def _posted(request: HttpRequest) -> QueryDict | None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    is_plain = request.content_type == "application/x-www-form-urlencoded"
    if not is_plain or not length.isdecimal() or int(length) > MOST_READ:
        return None
    try:
        return QueryDict(request.read())
    except (TooManyFieldsSent, UnicodeDecodeError, UnreadablePostError):
        return None


def _fields_at(path: str) -> Mapping[str, Any]:
    """Return the fields of the form that an address takes; none where it takes none."""
    try:
        found: ResolverMatch = resolve(path)
    except Resolver404:
        return {}
    view = getattr(found.func, "view_class", None)
    form = getattr(view, "form_class", None) or _FORMS.get(found.view_name)
    return getattr(form, "base_fields", {})


def _fault(field: Any, value: str) -> str:
    longest = getattr(field, "max_length", None)
    if not longest or len(value) <= longest:
        return ""
    return (
        f"{field.label} must have {longest:,} characters or fewer; it has "
        f"{len(value):,}. Shorten it."
    )
