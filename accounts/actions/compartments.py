"""Compartments: who is in, by two persons and for a time, and who never is."""

import datetime
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.exceptions import InvalidMembership, NotOwner, SecondPerson
from accounts.models import (
    MembershipProposal,
    Organisation,
    Subject,
    Tag,
    TagHolder,
    User,
)
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.models.compartment import MembershipStep, ProposalState
from accounts.permissions import check_has, check_own_account
from accounts.roles import Right
from accounts.visibility import Viewer
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import InvalidTransition, NotFound

# A holding is for a year at most, then it is given anew. Source: local configuration.
MOST_DAYS = 365


def check_manages(by: Viewer, tag: Tag, right: Right = Right.CONTRIBUTE) -> None:
    """Raise unless ``by`` holds the compartment, in the organisation that owns it.

    Raises:
        NotFound: it is not held: the same answer as for none.
        RightMissing: the right to record, or the one given, is missing.
        OwnAccountNeeded: people work through the token of ``by``.
        NotOwner: another organisation owns it.
    """
    if tag.kind != TagKind.COMPARTMENT or tag.pk not in by.tags:
        raise NotFound
    check_has(by, right)
    check_own_account(by)
    if tag.owner_id != by.organisation_id:
        raise NotOwner("Another organisation owns this compartment. Ask its owner.")


def holdings_of(tag: Tag) -> list[TagHolder]:
    """Return who holds a compartment today, people before organisations. One query."""
    rows = TagHolder.objects.on(timezone.localdate()).filter(tag=tag)
    return list(
        rows.select_related(
            "user__organisation", "organisation", "granted_by", "approved_by"
        ).order_by("user__name", "organisation__name")
    )


def propose(
    *,
    by: Viewer,
    tag: Tag,
    step: str,
    reason: str,
    user: User | None = None,
    organisation: Organisation | None = None,
    until_on: datetime.date | None = None,
) -> MembershipProposal:
    """Propose that someone enters a compartment until a day, or leaves it.

    Raises:
        NotFound, PermissionDenied: ``by`` does not hold it for its owner.
        InvalidMembership: it is about ``by``, or neither or both of user and
            organisation; the account is of one whom the compartment is about; the day or
            the reason is missing; the same waits already.
    """
    check_manages(by, tag)
    why = _worded(reason)
    _check_who(by, tag, user, organisation)
    if step == MembershipStep.ADD:
        _check_until(tag, until_on)
    with transaction.atomic():
        waiting = MembershipProposal.objects.filter(
            tag=tag, state=ProposalState.PROPOSED, user=user, organisation=organisation
        )
        if waiting.exists():
            raise InvalidMembership(
                "A proposal about them waits already. Decide on that one first."
            )
        made = MembershipProposal(
            tag=tag,
            step=step,
            user=user,
            organisation=organisation,
            until_on=until_on if step == MembershipStep.ADD else None,
            reason=why,
            proposed_by_id=by.user_id,
        )
        made.save(force_insert=True)
        _audit(tag, why, {"proposal": made.pk, "step": step})
    return made


def approve(*, by: Viewer, proposal: MembershipProposal) -> None:
    """Make a proposal true; it holds from the next request on.

    Raises:
        NotFound, PermissionDenied: ``by`` does not hold the compartment for its owner,
            lacks the right to approve, or proposed it.
        InvalidMembership: it is about ``by``, or about one whom the compartment is about;
            the day until which someone would enter has come.
        InvalidTransition: it was decided on.
    """
    _check_can_decide(by, proposal)
    _check_who(by, proposal.tag, proposal.user, proposal.organisation)
    _check_still_ahead(proposal)
    with transaction.atomic():
        _decide(by, proposal, ProposalState.APPROVED)
        with connection.cursor() as cursor:
            cursor.execute("select accounts_apply_membership(%s)", [proposal.pk])
        _audit(
            proposal.tag,
            proposal.reason,
            {
                "proposal": proposal.pk,
                "step": proposal.step,
                "user": proposal.user_id,
                "organisation": proposal.organisation_id,
                "until": str(proposal.until_on or ""),
            },
        )


def decline(*, by: Viewer, proposal: MembershipProposal) -> None:
    """Leave all as it is.

    Raises:
        AppError: as `approve`.
    """
    _check_can_decide(by, proposal)
    with transaction.atomic():
        _decide(by, proposal, ProposalState.DECLINED)
        _audit(proposal.tag, proposal.reason, {"declined": proposal.pk})


def register_subject(*, by: Viewer, tag: Tag, user: User, reason: str) -> Subject:
    """Note that a compartment is about the person of an account; return the note.

    From the next request on nothing that requires the compartment is shown there, by
    whatever way it is held. Nothing else changes for them.

    Raises:
        NotFound, PermissionDenied: ``by`` does not hold it for its owner.
        InvalidMembership: it is ``by``; it is noted already; there is no reason.
    """
    check_manages(by, tag)
    why = _worded(reason)
    if user.pk == by.user_id:
        raise InvalidMembership("You cannot register yourself.", field="account")
    if Subject.objects.filter(tag=tag, user=user).exists():
        raise InvalidMembership("This account is registered already.", field="account")
    with transaction.atomic():
        made = Subject(tag=tag, user=user, reason=why, registered_by_id=by.user_id)
        made.save(force_insert=True)
        _audit(tag, why, {"subject": made.pk})
    return made


def open_one(
    *,
    code: str,
    name: str,
    owner: Organisation,
    holders: Iterable[User],
    reason: str,
    expires_on: datetime.date | None = None,
    takes_referrals: bool = False,
) -> Tag:
    """Make a compartment with its first holders, who take in the others; return it.

    Raises:
        InvalidMembership: there are fewer than two, some are not of the owner, or the
            code is taken.
    """
    first = list(holders)
    if len({user.pk for user in first}) < 2:
        raise InvalidMembership("Name two first holders or more: two persons decide.")
    if any(user.organisation_id != owner.pk for user in first):
        raise InvalidMembership(f"The first holders are of {owner.short_name}.")
    full = f"compartment:{code}"
    if Tag.objects.filter(code=full).exists():
        raise InvalidMembership(f"There is a compartment {code}. Choose another code.")
    with transaction.atomic():
        tag = Tag.objects.create(
            code=full,
            name=name,
            kind=TagKind.COMPARTMENT,
            owner=owner,
            expires_on=expires_on,
            takes_referrals=takes_referrals,
        )
        today = timezone.localdate()
        until = today + datetime.timedelta(days=MOST_DAYS)
        TagHolder.objects.bulk_create(
            TagHolder(tag=tag, user=user, from_on=today, to_on=until) for user in first
        )
        _audit(tag, reason, {"holders": [user.pk for user in first]})
    return tag


def account_of(text: str) -> User | None:
    """Return the account with this email address, or the one with this collar number."""
    rows = User.objects.filter(Q(email__iexact=text) | Q(collar_number__iexact=text))
    found = list(rows.exclude(email="")[:2])
    return found[0] if text and len(found) == 1 else None


def _check_can_decide(by: Viewer, proposal: MembershipProposal) -> None:
    check_manages(by, proposal.tag, Right.APPROVE)
    if by.user_id == proposal.proposed_by_id:
        raise SecondPerson(
            "You proposed this yourself: another person decides. Ask another supervisor "
            "who holds the compartment."
        )


def _check_who(
    by: Viewer, tag: Tag, user: User | None, organisation: Organisation | None
) -> None:
    if (user is None) == (organisation is None):
        raise InvalidMembership(
            "Name an account or an organisation, and not both.", field="account"
        )
    if user is None:
        return
    if user.pk == by.user_id:
        raise InvalidMembership(
            "Nobody decides on their own membership. Ask two others.", field="account"
        )
    if Subject.objects.filter(tag=tag, user=user).exists():
        raise InvalidMembership(
            "The compartment is about this person: they never hold it.", field="account"
        )


def _check_until(tag: Tag, until_on: datetime.date | None) -> None:
    today = timezone.localdate()
    last = today + datetime.timedelta(days=MOST_DAYS)
    if tag.expires_on is not None:
        last = min(last, tag.expires_on)
    if until_on is None or not today < until_on <= last:
        raise InvalidMembership(
            f"The membership must end after today, and on {date_text(last)} at the latest. "
            "Enter such a day.",
            field="until_on",
        )


def _check_still_ahead(proposal: MembershipProposal) -> None:
    """Raise where who enters would be out at once: that would end what they hold now."""
    if proposal.step != MembershipStep.ADD:
        return
    try:
        _check_until(proposal.tag, proposal.until_on)
    except InvalidMembership as error:
        raise InvalidMembership(
            "The day until which this was proposed has come, or the compartment ends "
            "before it. Decline it, and let it be proposed with a later day."
        ) from error


def _decide(by: Viewer, proposal: MembershipProposal, state: ProposalState) -> None:
    rows = MembershipProposal.objects.filter(
        pk=proposal.pk, state=ProposalState.PROPOSED
    )
    if not rows.update(
        state=state, decided_at=timezone.now(), decided_by_id=by.user_id
    ):
        raise InvalidTransition("This was decided on already.")


def _worded(reason: str) -> str:
    if not reason.strip():
        raise InvalidMembership(
            "Enter the reason: auditors read who is in a compartment, and why.",
            field="reason",
        )
    return reason.strip()


def _audit(tag: Tag, reason: str, detail: dict[str, object]) -> None:
    audit.record(
        AuditKind.GRANT, "accounts.Tag", [tag.pk], reason=reason, detail=detail
    )
