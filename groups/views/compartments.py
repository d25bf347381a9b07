"""Pages of compartments: which one holds, who is in, and who enters or leaves."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.actions import compartments
from accounts.actions.labels import compartments_for
from accounts.models import MembershipProposal, Subject, Tag, TagHolder
from accounts.models.compartment import ProposalState
from accounts.permissions import can
from accounts.roles import Right
from accounts.step_up import StepUpRequired
from accounts.visibility import Viewer
from groups.forms.compartments import NoForm, ProposeForm, SubjectForm
from groups.forms.fields import RecordForm
from groups.views.cards import Cell
from groups.views.finding import reader
from groups.views.form_page import FormPage
from ocgmap.common.errors import NotFound
from ocgmap.common.parameters import check_parameters
from ocgmap.common.templatetags.govuk import uk_date

_HELD = ("Compartment", "Owner", "Ends")
_MEMBERS = ("Who", "Organisation", "Since", "Until", "Proposed by", "Approved by")
_PROPOSALS = ("Who", "What", "Until", "Why", "Proposed by", "Action")
_SUBJECTS = ("Account", "Why", "Registered")


@require_safe
def compartment_list(request: HttpRequest) -> HttpResponse:
    """Show the compartments that the reader holds, and no other."""
    by = reader(request)
    check_parameters(request.GET, ())
    held = list(
        Tag.objects.select_related("owner").filter(
            pk__in=[tag.pk for tag in compartments_for(by)]
        )
    )
    audit.consulted("accounts.Tag", [tag.pk for tag in held])
    context = {
        "head": _head(_HELD),
        "rows": [
            [
                {"text": tag.name, "url": _page(tag)},
                {"text": tag.owner.short_name if tag.owner else "None"},
                {"text": uk_date(tag.expires_on) or "No day set"},
            ]
            for tag in held
        ],
    }
    return render(request, "groups/compartments.html", context)


@require_safe
def compartment_page(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a compartment; who is in it, to those who hold it for its owner."""
    by = reader(request)
    tag = _held(by, public_id)
    manages = can(compartments.check_manages, by, tag)
    audit.consulted("accounts.Tag", [tag.pk], members=manages)
    context: dict[str, Any] = {
        "tag": tag,
        "manages": manages,
        "propose_url": reverse("groups:propose_membership", args=[tag.public_id]),
        "subject_url": reverse("groups:register_subject", args=[tag.public_id]),
    }
    if manages:
        context |= _members(by, tag)
    return render(request, "groups/compartment.html", context)


def _members(by: Viewer, tag: Tag) -> dict[str, Any]:
    waiting = MembershipProposal.objects.filter(
        tag=tag, state=ProposalState.PROPOSED
    ).select_related("user", "organisation", "proposed_by")
    subjects = Subject.objects.filter(tag=tag).select_related("user", "registered_by")
    return {
        "members_head": _head(_MEMBERS),
        "members": [_member(one) for one in compartments.holdings_of(tag)],
        "proposals_head": _head(_PROPOSALS),
        "proposals": [_proposal(by, one) for one in waiting.order_by("id")],
        "subjects_head": _head(_SUBJECTS),
        "subjects": [
            [
                {"text": f"{one.user.name} ({one.user.email})"},
                {"text": one.reason},
                {"time": one.registered_at},
            ]
            for one in subjects.order_by("id")
        ],
    }


def _member(one: TagHolder) -> list[Cell]:
    body = one.organisation or (one.user.organisation if one.user else None)
    return [
        {"text": one.user.name if one.user else "All of it"},
        {"text": body.short_name if body else ""},
        {"text": uk_date(one.from_on) or "Always"},
        {"text": uk_date(one.to_on) or "No day set"},
        {"text": one.granted_by.name if one.granted_by else "An operator"},
        {"text": one.approved_by.name if one.approved_by else "An operator"},
    ]


def _proposal(by: Viewer, one: MembershipProposal) -> list[Cell]:
    who = one.user.name if one.user else str(one.organisation)
    may = by.has(Right.APPROVE) and by.user_id not in (one.proposed_by_id, one.user_id)
    here = [one.tag.public_id, one.public_id]
    steps = (("Approve", "approve_membership"), ("Decline", "decline_membership"))
    return [
        {"text": who},
        {"text": one.get_step_display()},
        {"text": uk_date(one.until_on) or "–"},
        {"text": one.reason},
        {"text": one.proposed_by.name},
        {
            "links": [
                {
                    "text": text,
                    "url": reverse(f"groups:{name}", args=here),
                    "hidden": who,
                }
                for text, name in steps
                if may
            ]
        },
    ]


def _held(by: Viewer, public_id: uuid.UUID) -> Tag:
    """Return a compartment that the reader holds.

    Raises:
        NotFound: there is none, or it is not held: the answer is the same.
    """
    tag = Tag.objects.filter(public_id=public_id).select_related("owner").first()
    if tag is None or tag not in compartments_for(by):
        raise NotFound
    return tag


def _page(tag: Tag) -> str:
    return reverse("groups:compartment", args=[tag.public_id])


def _head(texts: tuple[str, ...]) -> list[Cell]:
    return [{"text": text} for text in texts]


class CompartmentForm(StepUpRequired, FormPage):
    """A form about a compartment that the viewer holds for its owner."""

    form_class: ClassVar[type[RecordForm]] = NoForm
    right: ClassVar[Right] = Right.CONTRIBUTE
    tag: Tag

    def prepare(self, **kwargs: Any) -> None:
        """Find the compartment; refuse those who do not hold it for its owner."""
        self.tag = _held(self.viewer, kwargs["public_id"])
        compartments.check_manages(self.viewer, self.tag, self.right)
        audit.consulted("accounts.Tag", [self.tag.pk])
        self.caption = self.tag.name
        self.back = _page(self.tag)


class ProposeMembership(CompartmentForm):
    """Propose that someone enters or leaves."""

    title = "Propose who enters or leaves"
    button = "Propose it"
    done = "Proposed: a second person decides"
    form_class = ProposeForm
    note = "Another supervisor who holds the compartment approves it. Nobody decides on their own membership."

    def save(self, form: ProposeForm, rows: Mapping[str, list[Any]]) -> str:
        """Propose it."""
        compartments.propose(
            by=self.viewer,
            tag=self.tag,
            user=form.cleaned_data["account"],
            **form.given("step", "organisation", "until_on", "reason"),
        )
        return self.back


class RegisterSubject(CompartmentForm):
    """Note whose account the compartment is about."""

    title = "Register whom this is about"
    button = "Register the account"
    done = "The account is registered"
    form_class = SubjectForm
    is_final = True
    note = (
        "From the next request on, nothing in this compartment is shown to the account, "
        "by whatever way it holds it. They are not told, and nothing else changes for "
        "them. It is not taken off by a page."
    )

    def save(self, form: SubjectForm, rows: Mapping[str, list[Any]]) -> str:
        """Register it."""
        compartments.register_subject(
            by=self.viewer,
            tag=self.tag,
            user=form.cleaned_data["account"],
            reason=form.cleaned_data["reason"],
        )
        return self.back


class ApproveMembership(CompartmentForm):
    """Approve a proposal."""

    title = "Approve the proposal"
    button = "Approve"
    done = "It is approved, and holds from now on"
    right = Right.APPROVE
    proposal: MembershipProposal

    def prepare(self, **kwargs: Any) -> None:
        """Find the proposal."""
        super().prepare(**kwargs)
        rows = MembershipProposal.objects.filter(
            tag=self.tag, public_id=kwargs["row_id"]
        ).select_related("tag", "user", "organisation")
        found = rows.first()
        if found is None:
            raise NotFound
        self.proposal = found
        who = found.user.name if found.user else str(found.organisation)
        until = f" until {uk_date(found.until_on)}" if found.until_on else ""
        self.note = f"{found.get_step_display()}: {who}{until}. Why: {found.reason}"

    def save(self, form: NoForm, rows: Mapping[str, list[Any]]) -> str:
        """Approve it."""
        compartments.approve(by=self.viewer, proposal=self.proposal)
        return self.back


class DeclineMembership(ApproveMembership):
    """Decline a proposal."""

    title = "Decline the proposal"
    button = "Decline"
    done = "It is declined"

    def save(self, form: NoForm, rows: Mapping[str, list[Any]]) -> str:
        """Decline it."""
        compartments.decline(by=self.viewer, proposal=self.proposal)
        return self.back
