"""Intelligence requirements: ask what is not known, list, answer and withdraw."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import new_ticket
from groups.models import CrimeGroup
from groups.views.finding import found, record_shown
from groups.views.lists import listed
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import NotFound
from ocgmap.common.keyset import Order
from scoring.actions import requirements as asking
from scoring.api.analysis import RequirementFilterSet
from scoring.engine import CATALOGUE
from scoring.exceptions import RequirementClosed
from scoring.forms.requirements import (
    AskForm,
    RequirementAnswerForm,
    RequirementWithdrawForm,
)
from scoring.models import Requirement
from scoring.models.requirement import RequirementStanding
from scoring.permissions import check_can_note, check_can_settle
from scoring.views.asking import reader
from scoring.views.judging import citable_reports
from scoring.views.note_rows import (
    OF_GROUP,
    REQUIREMENT_HEAD,
    questions_of,
    requirement_row,
    shown_with,
)
from scoring.views.score import visible_group
from scoring.views.taking import taken

FIRST_DUE_FIRST = Order("due_on")


def _back(group: CrimeGroup) -> str:
    return reverse("scoring:score", args=[group.public_id]) + "#questions"


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, public_id: uuid.UUID, attribute: str) -> HttpResponse:
    """Ask somebody what is not known of one attribute of a group, until a day."""
    by = reader(request)
    group = visible_group(by, public_id)
    check_can_note(by, group)
    asked = CATALOGUE.get(attribute)
    if asked is None:
        raise NotFound
    organisations, people = asking.askable(by, group)
    form = AskForm(
        request.POST or None,
        organisations=organisations,
        people=people,
        initial={"question": f"{asked.meaning} What is known of it for this group?"},
    )
    answer = taken(
        request,
        form,
        address=_back(group),
        text=f"Your question on {asked.title.lower()} is asked.",
        step=lambda: asking.ask(
            by=by,
            group=group,
            attribute=asked.key,
            question=form.cleaned_data["question"],
            asked_of=form.asked,
            due_on=form.cleaned_data["due_on"],
        ),
    )
    if answer:
        return answer
    record_shown([group])
    context = {
        "group": group,
        "form": form,
        "ticket": new_ticket(by),
        "title": f"Ask about {asked.title.lower()}",
        "note": "A question stays open until a report answers it or it is withdrawn "
        "with a reason. To whoever may not see the report that answers it, it stays open.",
        "button": "Ask",
    }
    return render(request, "scoring/note_form.html", context)


@require_safe
def requirements(request: HttpRequest) -> HttpResponse:
    """Show the visible questions that the address asks for, the first due first."""
    by = reader(request)
    shown = listed(
        request,
        RequirementFilterSet,
        questions_of(by),
        FIRST_DUE_FIRST,
        hidden=("group", "attribute"),
    )
    record_shown(shown_with(shown.page.rows))
    context = {
        "shown": shown,
        "form": shown.form,
        "count": shown.rows.count(),
        "head": [OF_GROUP, *REQUIREMENT_HEAD],
        "rows": [requirement_row(by, one, is_named=True) for one in shown.page.rows],
    }
    return render(
        request, "scoring/requirement_list.html", context, status=shown.status
    )


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Answer a question by a report."""
    by = reader(request)
    asked = _open(request, public_id)
    form = RequirementAnswerForm(
        request.POST or None, reports=citable_reports(by, asked.group)
    )
    done = taken(
        request,
        form,
        address=_back(asked.group),
        text="The question is answered.",
        step=lambda: asking.answer(
            by=by,
            requirement=asked,
            report=form.cited,
            text=form.cleaned_data["text"],
        ),
    )
    return done or _shown(request, asked, form, "Answer the question")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw a question, with the reason."""
    by = reader(request)
    asked = _open(request, public_id)
    form = RequirementWithdrawForm(request.POST or None)
    done = taken(
        request,
        form,
        address=_back(asked.group),
        text="The question is withdrawn.",
        step=lambda: asking.withdraw(
            by=by, requirement=asked, reason=form.cleaned_data["reason"]
        ),
    )
    return done or _shown(request, asked, form, "Withdraw the question")


def _open(request: HttpRequest, public_id: uuid.UUID) -> Requirement:
    """Return a question that the reader may settle; a page of a settled one is none.

    Raises:
        NotFound: it is absent or hidden.
        PermissionDenied: it is none of theirs.
        RequirementClosed: it was answered or withdrawn.
    """
    by = reader(request)
    asked: Requirement = found(questions_of(by), public_id)
    check_can_settle(by, asked)
    standing = asked.standing_on(timezone.localdate())
    is_settled = standing in {
        RequirementStanding.ANSWERED,
        RequirementStanding.WITHDRAWN,
    }
    if is_settled and request.method != "POST":
        raise RequirementClosed("This question was answered or withdrawn already.")
    return asked


def _shown(
    request: HttpRequest,
    asked: Requirement,
    form: RequirementAnswerForm | RequirementWithdrawForm,
    title: str,
) -> HttpResponse:
    record_shown([asked.group, *shown_with([asked])])
    whom = asked.asked_person.name if asked.asked_person else asked.asked_of.name
    context = {
        "group": asked.group,
        "form": form,
        "ticket": new_ticket(reader(request)),
        "title": title,
        "card": CATALOGUE[asked.attribute].title,
        "facts": [
            {"key": "Question", "value": {"text": asked.question}},
            {"key": "Asked of", "value": {"text": whom}},
            {"key": "Answer by", "value": {"text": date_text(asked.due_on)}},
        ],
        "button": title,
    }
    return render(request, "scoring/note_form.html", context)
