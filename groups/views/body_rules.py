"""Pages of the rules that regions set: every change of them, and setting one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.actions import body_rules, sent_forms
from accounts.forms import new_ticket, sending_of
from accounts.gate import asker
from accounts.models import Organisation
from accounts.models.body_rule import BodyRule
from accounts.permissions import can, check_has
from accounts.roles import Right
from groups.forms.body_rules import BodyRuleForm
from groups.views.cards import Cell
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import AppError
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters
from ocgmap.common.templatetags.govuk import local_time

PAGE_SIZE = 25
_NO: Cell = {"text": "No", "colour": "grey"}
_YES: Cell = {"text": "Yes", "colour": "yellow"}


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The words and addresses of one sort of rule.

    `needs` is a right that whoever sets a rule has beside that to approve. A sort with
    columns of its own has a form and an action for them, and `about` heads the column
    that tells of them.
    """

    model: type[BodyRule]
    title: str
    meaning: str
    column: str
    none: str
    question: str
    hints: Mapping[str, str]
    list_url: str
    new_url: str
    needs: Right = Right.APPROVE
    form: type[BodyRuleForm] = BodyRuleForm
    set_rule: Callable[..., object] | None = None
    about: tuple[str, Callable[[Any], str]] | None = None


def rules(request: HttpRequest, book: RuleBook) -> HttpResponse:
    """Show every rule of a sort, the newest first."""
    by = asker(request)
    check_has(by, Right.VIEW)
    check_parameters(request.GET, {"cursor"})
    own = Organisation.objects.get(pk=by.organisation_id)
    page = page_of(
        book.model.objects.select_related("body", "set_by"),
        Order("id", descending=True),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    own_head = [book.about[0]] if book.about else []
    heads = ("Region or organisation", *own_head, book.column, "From", "Reason", "Set")
    context = {
        "book": book,
        "head": [{"text": text} for text in heads],
        "rows": [_row(book, rule) for rule in page.rows],
        "may_rule": by.has(book.needs) and can(body_rules.check_can_rule, by, own),
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "groups/body_rules.html", context)


def new_rule(request: HttpRequest, book: RuleBook) -> HttpResponse:
    """Set a rule for the reader's region, from a day on."""
    by = asker(request)
    body = Organisation.objects.get(pk=by.organisation_id)
    check_has(by, book.needs)
    body_rules.check_can_rule(by, body)
    form = book.form(request.POST or None, question=book.question, hints=book.hints)
    if form.is_valid():
        take = book.set_rule or partial(body_rules.set_rule, kind=book.model)
        sending = sending_of(request, by)
        address = reverse(book.list_url)
        try:
            if not sent_forms.led_to(by=by, sending=sending):
                take(by=by, body=body, **form.said())
                sent_forms.note(by=by, sending=sending, address=address)
        except AppError as error:
            form.add_app_error(error)
        else:
            messages.success(request, "The rule is set.")
            return redirect(address)
    context = {"form": form, "body": body, "book": book, "ticket": new_ticket(by)}
    return render(request, "groups/body_rule_form.html", context)


def _row(book: RuleBook, rule: BodyRule) -> list[Cell]:
    who = rule.set_by.name if rule.set_by else "The system"
    return [
        {"text": rule.body.region_name or rule.body.name},
        *([{"text": book.about[1](rule)}] if book.about else []),
        {"tag": _YES if rule.is_required else _NO},
        {"text": date_text(rule.from_on), "nowrap": True},
        {"text": rule.reason},
        {"lines": [who, local_time(rule.set_at)]},
    ]
