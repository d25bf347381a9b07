"""The gaps that are looked for, each with the rows that have it."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.visibility import Viewer
from groups.models import (
    CrimeGroup,
    GroupThreat,
    IdentifierUse,
    Involvement,
    Membership,
    Nominal,
    PersonLink,
)
from groups.models.crime_group import ActivityStatus, Answer, RecordState
from groups.models.identifier import IdentifierKind
from groups.models.nominal import Gender
from intelligence.models import AttributeClaim, Mention
from intelligence.models.report import ReportState
from scoring.models import Judgement
from scoring.quality.alike import (
    Others,
    groups_alike,
    others_like_groups,
    others_like_people,
    people_alike,
)
from scoring.quality.asking import Ask, since
from scoring.quality.scored import at_zero, mostly_unknown, stale
from scoring.quality.unfounded import UNFOUNDED, FactSort

# Local configuration, to be confirmed with the forces.
DRAFT_DAYS = 30
WHAT_A_FACT_SAYS = "A fact says what it rests on."
# Source: Serious Crime Act 2015 s.45(6), three or more persons.
LEAST_MEMBERS = 3
CONTACTS = (
    IdentifierKind.PHONE,
    IdentifierKind.ADDRESS,
    IdentifierKind.EMAIL,
    IdentifierKind.HANDLE,
)


class Subject(StrEnum):
    """What the rows of a gap are."""

    GROUPS = "groups"
    PEOPLE = "people"
    MEMBERSHIPS = "memberships"
    FACTS = "facts"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that may be missing, why it matters, and the rows that miss it.

    `others`, where there are any, finds the records that a row may be the same as.
    """

    key: str
    title: str
    why: str
    subject: Subject
    find: Callable[[Ask], QuerySet[Any]]
    others: Callable[[Viewer, Iterable[Any]], Others] | None = None

    def rows(self, ask: Ask) -> QuerySet[Any]:
        """Return the rows with this gap that the reader may see."""
        return ask.owned(self.find(ask))


def _headline(ask: Ask) -> QuerySet[CrimeGroup]:
    return CrimeGroup.objects.visible_to(ask.viewer).headline()


def _overdue(ask: Ask) -> QuerySet[Any]:
    return _headline(ask).filter(review_on__lt=ask.day)


def _no_lead_officer(ask: Ask) -> QuerySet[Any]:
    return _headline(ask).filter(lead_officer="")


def _no_predominant_threat(ask: Ask) -> QuerySet[Any]:
    chief = GroupThreat.objects.visible_to(ask.viewer).open()
    return _headline(ask).filter(
        ~Exists(chief.filter(group=OuterRef("pk"), is_predominant=True))
    )


def _single_report(ask: Ask) -> QuerySet[Any]:
    asked = ask.owned(_headline(ask))
    claims = AttributeClaim.objects.visible_to(ask.viewer).filter(
        report__state=ReportState.SUBMITTED, group__in=asked.values("pk")
    )
    single = (
        claims.order_by()
        .values("group")
        .annotate(reports=Count("report", distinct=True))
        .filter(reports=1)
    )
    judged = Judgement.objects.visible_to(ask.viewer).filter(group=OuterRef("pk"))
    return asked.filter(~Exists(judged), pk__in=single.values("group"))


def _no_members(ask: Ask) -> QuerySet[Any]:
    members = Membership.objects.visible_to(ask.viewer).open()
    return _headline(ask).filter(~Exists(members.filter(group=OuterRef("pk"))))


def _too_few_members(ask: Ask) -> QuerySet[Any]:
    seen = CrimeGroup.objects.visible_to(ask.viewer).filter(
        s45_test=Answer.YES, merged_into__isnull=True
    )
    groups = ask.owned(seen.exclude(activity_status=ActivityStatus.ARCHIVED))
    members = Membership.objects.visible_to(ask.viewer).open()
    enough = (
        members.filter(group__in=groups.values("pk"))
        .order_by()
        .values("group")
        .annotate(members=Count("nominal", distinct=True))
        .filter(members__gte=LEAST_MEMBERS)
    )
    return groups.exclude(pk__in=enough.values("group"))


def _old_drafts(ask: Ask) -> QuerySet[Any]:
    since = timezone.now() - datetime.timedelta(days=DRAFT_DAYS)
    return CrimeGroup.objects.visible_to(ask.viewer).filter(
        record_state=RecordState.DRAFT, created_at__lt=since, merged_into__isnull=True
    )


def _not_mentioned(ask: Ask) -> QuerySet[Any]:
    recent = Mention.objects.visible_to(ask.viewer).filter(
        report__state=ReportState.SUBMITTED, report__received_on__gte=since(ask)
    )
    return (
        Membership.objects.visible_to(ask.viewer)
        .open()
        .filter(
            ~Exists(_naming(recent, nominal=OuterRef("nominal"))),
            ~Exists(_naming(recent, membership=OuterRef("pk"))),
            group__in=_headline(ask).values("pk"),
        )
    )


def _naming(mentions: QuerySet[Mention], **whom: OuterRef) -> QuerySet[Mention]:
    """Keep the mentions of one thing; those of no such thing are left out first."""
    [(column, key)] = whom.items()
    return mentions.filter(**{f"{column}__isnull": False, column: key})


def _incomplete_people(ask: Ask) -> QuerySet[Any]:
    people = Nominal.objects.visible_to(ask.viewer).filter(is_identified=True)
    reached = Exists(_contacts(ask.viewer).filter(nominal=OuterRef("pk")))
    return people.annotate(has_contact=reached).filter(
        Q(given_names="")
        | Q(surname="")
        | Q(born_from__isnull=True)
        | Q(gender=Gender.UNKNOWN)
        | Q(has_contact=False)
    )


def _contacts(viewer: Viewer) -> Any:
    return IdentifierUse.objects.visible_to(viewer).filter(
        identifier__kind__in=CONTACTS
    )


def missing_of(nominal: Nominal) -> list[str]:
    """Return in words what an identified person's record misses; `has_contact` is set."""
    wanted = {
        "given names": bool(nominal.given_names),
        "surname": bool(nominal.surname),
        "date of birth": nominal.born_from is not None,
        "gender": nominal.gender != Gender.UNKNOWN,
        "a contact": bool(getattr(nominal, "has_contact", False)),
    }
    return [name for name, is_there in wanted.items() if not is_there]


def _people_in_nothing(ask: Ask) -> QuerySet[Any]:
    tied = [
        Exists(model.objects.visible_to(ask.viewer).filter(**{column: OuterRef("pk")}))
        for model, column in (
            (Membership, "nominal"),
            (Involvement, "nominal"),
            (PersonLink, "a"),
            (PersonLink, "b"),
        )
    ]
    rows = Nominal.objects.visible_to(ask.viewer)
    for tie in tied:
        rows = rows.filter(~tie)
    return rows


def _unfounded(sort: FactSort) -> Callable[[Ask], QuerySet[Any]]:
    return lambda ask: sort.rows(ask.viewer)


_FOUND = (
    Gap(
        "overdue",
        "Reviews overdue",
        "The record may no longer be true.",
        Subject.GROUPS,
        _overdue,
    ),
    Gap(
        "no-lead-officer",
        "No lead officer",
        "Nobody answers for the response.",
        Subject.GROUPS,
        _no_lead_officer,
    ),
    Gap(
        "no-predominant-threat",
        "No predominant threat",
        "The group counts under no threat.",
        Subject.GROUPS,
        _no_predominant_threat,
    ),
    Gap(
        "single-report",
        "Band rests on one report",
        "One report can be wrong, and nobody has judged an attribute.",
        Subject.GROUPS,
        _single_report,
    ),
    Gap(
        "mostly-unknown",
        "More than half of the attributes not known",
        "The band says more of what is not known than of the group.",
        Subject.GROUPS,
        mostly_unknown,
    ),
    Gap(
        "at-zero",
        "At zero points and not archived",
        "A group that scores nothing may have no place on the list.",
        Subject.GROUPS,
        at_zero,
    ),
    Gap(
        "stale",
        "Nothing on record from the last 12 months",
        "The group may be dormant or gone.",
        Subject.GROUPS,
        stale,
    ),
    Gap(
        "groups-alike",
        "May be recorded twice",
        "The same name, or three members in common: one picture counts it twice.",
        Subject.GROUPS,
        groups_alike,
        others_like_groups,
    ),
    Gap(
        "no-members",
        "No member on record",
        "Nobody is named or designated, so nothing can be done about anybody.",
        Subject.GROUPS,
        _no_members,
    ),
    Gap(
        "too-few-members",
        "Organised crime group in law with fewer than three members",
        "The law asks for three or more persons.",
        Subject.GROUPS,
        _too_few_members,
    ),
    Gap(
        "old-drafts",
        "Drafts older than 30 days",
        "A draft is in no figure.",
        Subject.GROUPS,
        _old_drafts,
    ),
    Gap(
        "not-mentioned",
        "Members in no report of the last 12 months",
        "The membership may have ended.",
        Subject.MEMBERSHIPS,
        _not_mentioned,
    ),
    Gap(
        "incomplete-people",
        "Identified people with a gap",
        "Needs given names, surname, date of birth, gender and one contact.",
        Subject.PEOPLE,
        _incomplete_people,
    ),
    Gap(
        "people-alike",
        "People who may be recorded twice",
        "The same name and day of birth, or the same PNC ID or CRO number.",
        Subject.PEOPLE,
        people_alike,
        others_like_people,
    ),
    Gap(
        "people-in-nothing",
        "People in no group and linked to nobody",
        "There may be no reason to keep the record.",
        Subject.PEOPLE,
        _people_in_nothing,
    ),
    *(
        Gap(
            f"unfounded-{one.key}",
            f"{one.title} with neither report nor reason",
            WHAT_A_FACT_SAYS,
            Subject.FACTS,
            _unfounded(one),
        )
        for one in UNFOUNDED
    ),
)
GAPS: Mapping[str, Gap] = MappingProxyType({gap.key: gap for gap in _FOUND})
