"""The page of the review policy: what holds for all, for oneself, and every change."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions import sent_forms
from accounts.actions.body_rules import check_can_rule, deciding_body
from accounts.forms import new_ticket, sending_of
from accounts.models import Organisation
from accounts.permissions import can
from groups.actions import reviewing
from groups.forms.review_policy import ReviewRuleForm
from groups.models import ReviewRule
from groups.models.crime_group import Tier
from groups.review_policy import POLICY, last_day
from groups.views.cards import Cell
from groups.views.finding import reader
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import AppError
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import check_parameters
from ocgmap.common.templatetags.govuk import local_time

PAGE_SIZE = 25
_HEAD = ("Region or organisation", "Tier", "Within", "From", "Reason", "Set")


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """Show the policy in force, and every choice of a region, the newest first."""
    by = reader(request)
    check_parameters(request.GET, {"cursor"})
    own = Organisation.objects.get(pk=by.organisation_id)
    body = deciding_body(own)
    months = reviewing.months_in_force(own)
    page = page_of(
        ReviewRule.objects.select_related("body", "set_by"),
        Order("id", descending=True),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    name = body.region_name or body.name
    context = {
        "policy": POLICY,
        "in_force_head": [
            {"text": "Tier"},
            {"text": "For all", "numeric": True},
            {"text": name, "numeric": True},
            {"text": "The next review of today, at the latest"},
        ],
        "in_force": [
            [
                {"text": Tier(tier).label},
                {"text": _months(POLICY.months[tier]), "numeric": True},
                {"text": _months(months[tier]), "numeric": True},
                {"text": date_text(last_day(timezone.localdate(), months[tier]))},
            ]
            for tier in Tier.values
        ],
        "head": [{"text": text} for text in _HEAD],
        "rows": [_row(rule) for rule in page.rows],
        "may_rule": can(check_can_rule, by, own),
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "groups/review_policy.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    """Set the own, stricter choice of the reader's region for a tier."""
    by = reader(request)
    body = Organisation.objects.get(pk=by.organisation_id)
    check_can_rule(by, body)
    form = ReviewRuleForm(request.POST or None)
    address = reverse("groups:review_policy")
    if form.is_valid():
        sending = sending_of(request, by)
        try:
            if not sent_forms.led_to(by=by, sending=sending):
                reviewing.set_rule(by=by, body=body, **form.cleaned_data)
                sent_forms.note(by=by, sending=sending, address=address)
        except AppError as error:
            form.add_app_error(error)
        else:
            messages.success(request, "The rule is set.")
            return redirect(address)
    context = {"form": form, "body": body, "ticket": new_ticket(by)}
    return render(request, "groups/review_rule_form.html", context)


def _months(number: int) -> str:
    return f"{number} month" if number == 1 else f"{number} months"


def _row(rule: ReviewRule) -> list[Cell]:
    who = rule.set_by.name if rule.set_by else "The system"
    return [
        {"text": rule.body.region_name or rule.body.name},
        {"text": Tier(rule.tier).label},
        {"text": _months(rule.months) if rule.months else "As the policy for all"},
        {"text": date_text(rule.from_on), "nowrap": True},
        {"text": rule.reason},
        {"lines": [who, local_time(rule.set_at)]},
    ]
