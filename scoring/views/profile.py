"""The profile of a group on paper: asked for by POST, recorded as a disclosure."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.actions.labels import labels_of
from accounts.models import Tag
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.step_up import ask_unless_fresh
from accounts.visibility import Viewer, join
from groups.models import CrimeGroup
from groups.views.finding import group_for, record_shown
from intelligence.grading import Recipients
from intelligence.models import Report
from intelligence.views.cells import condition_text
from ocgmap.common.records import ProtectedRecord
from scoring.forms.profile import ProfileForm
from scoring.permissions import check_not_blind
from scoring.views.asking import reader
from scoring.views.profile_parts import Content, content_of


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask why and for whom, then show the profile as it is to be printed.

    The answer to the form is the paper itself, so that nothing typed stands in an
    address. Sent again it is printed again, and recorded again. Who did not confirm
    lately who they are is asked to.

    Raises:
        RightMissing: the reader may not take records out.
    """
    by = reader(request)
    check_has(by, Right.EXPORT)
    asked = ask_unless_fresh(request)
    if asked is not None:
        return asked
    group = group_for(by, public_id)
    check_not_blind(by, group)
    form = ProfileForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        record_shown([group])
        return render(request, "scoring/profile.html", {"group": group, "form": form})
    content = content_of(by, group)
    names: list[str] = form.cleaned_data["distribution"]
    print_id = uuid.uuid4().hex[:12].upper()
    _disclosed(content.records, form.cleaned_data["reason"], names, print_id)
    context = {
        "group": group,
        "content": content,
        "cover": _cover(by, group, content),
        "distribution": names,
        "copies": [
            {"number": number, "of": len(names), "recipient": name}
            for number, name in enumerate(names, start=1)
        ],
        "reason": form.cleaned_data["reason"],
        "print_id": print_id,
        "printed_at": timezone.now(),
    }
    return render(request, "scoring/profile_print.html", context)


def _disclosed(
    records: Iterable[ProtectedRecord], reason: str, names: list[str], print_id: str
) -> None:
    """Leave an audit row for each kind of record on the paper.

    Who receives which copy stands in the reason, as it was typed.
    Source: Data Protection Act 2018 s.62(3) and (4): reason, and who received the data.
    """
    ids: dict[str, set[int]] = {}
    for one in records:
        ids.setdefault(one._meta.label, set()).add(one.pk)  # noqa: SLF001 - documented
    given = "; ".join(
        f"copy {number} to {name}" for number, name in enumerate(names, 1)
    )
    numbers = list(range(1, len(names) + 1))
    detail = {"as": "paper", "print": print_id, "copies": numbers}
    for label, found in sorted(ids.items()):
        audit.record(
            AuditKind.DISCLOSURE,
            label,
            found,
            reason=f"{reason} ({given})",
            detail=detail,
        )


def _cover(by: Viewer, group: CrimeGroup, content: Content) -> dict[str, Any]:
    """Return the marking and conditions that keep to those of all that is shown."""
    label = join(labels_of(content.class_ids).values())
    tags = Tag.objects.filter(pk__in=label.requires).order_by("kind", "name")
    return {
        "marking": label.marking,
        "audience": [f"{tag.get_kind_display()}: {tag.name}" for tag in tags],
        "conditions": _conditions(
            one for one in content.records if isinstance(one, Report)
        ),
        "scheme": (
            f"{content.scheme['title']}, version {content.scheme['version']}"
            if content.scheme
            else ""
        ),
    }


def _conditions(reports: Iterable[Report]) -> list[str]:
    """Return the conditions of handling, the fewest recipients first, each once."""
    order = list(Recipients)
    texts = {
        condition_text(one): order.index(
            Recipients(one.handling_condition["recipients"])
        )
        for one in reports
        if one.handling_condition
    }
    return sorted(texts, key=lambda text: texts[text])
