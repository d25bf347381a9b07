"""Notes and intelligence requirements: how lists are narrowed; requirements over the API."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from rest_framework import serializers

from accounts.api.fields import ChoicePair, OrganisationBrief, RecordSerializer
from accounts.api.resources import Listing
from accounts.filters import OwnerFilter, RegionFilter
from accounts.models.api_token import TokenScope
from accounts.visibility import Viewer
from groups.api.briefs import GroupBrief
from groups.filters import RecordFilterSet
from intelligence.api.serializers import ReportBrief
from ocgmap.common.filters import AnyOfFilter, DayFilter, IdsFilter
from ocgmap.common.records import ProtectedRecord
from scoring.engine import CATALOGUE
from scoring.models import AnalyticNote, Requirement, RequirementAnswer
from scoring.models.analysis import NoteKind
from scoring.models.requirement import RequirementQuerySet, RequirementStanding

OPEN, DUE, CLOSED = "open", "due", "closed"
_ATTRIBUTES = [(key, one.title) for key, one in CATALOGUE.items()]


class NoteFilterSet(RecordFilterSet):
    """Challenges, assumptions and alternatives by kind and by whether they are open."""

    owner = OwnerFilter("group__owner")
    region = RegionFilter("group__owner")
    kind = AnyOfFilter(choices=NoteKind, help_text="What it is.")
    standing = AnyOfFilter(
        choices=[(OPEN, "Open"), (DUE, "To look at again"), (CLOSED, "Closed")],
        method="as_it_stands",
        label="Stands",
        help_text="Whether it is open; assumptions whose day to look again has come.",
    )
    group = IdsFilter(
        field_name="group__public_id", label="Group", help_text="Id of a group."
    )

    def as_it_stands(
        self, rows: QuerySet[AnalyticNote], name: str, value: Sequence[str]
    ) -> QuerySet[AnalyticNote]:
        """Keep the notes that stand in one of these ways today."""
        if not value:
            return rows
        today = timezone.localdate()
        notes = AnalyticNote.objects
        kept = {
            OPEN: notes.open(),
            DUE: notes.due_by(today),
            CLOSED: notes.exclude(outcome=""),
        }
        chosen = notes.none()
        for one in value:
            chosen = chosen | kept[one]
        return rows.filter(pk__in=chosen.values("pk"))


class RequirementFilterSet(RecordFilterSet):
    """Questions by who owes the answer, how they stand, and by when it is due."""

    standing = AnyOfFilter(
        choices=RequirementStanding,
        method="as_it_stands",
        label="Stands",
        help_text="How it stands today, as far as the caller sees; overdue is open too.",
    )
    asked_of = OwnerFilter("asked_of", label="Asked of")
    asked_region = RegionFilter("asked_of", label="Asked of anyone in")
    owner = OwnerFilter("group__owner", label="Owner of the group")
    region = RegionFilter("group__owner")
    attribute = AnyOfFilter(choices=_ATTRIBUTES, help_text="Key of an attribute.")
    group = IdsFilter(
        field_name="group__public_id", label="Group", help_text="Id of a group."
    )
    due_from = DayFilter(
        field_name="due_on",
        lookup_expr="gte",
        label="Due from",
        help_text="Due on or after this day.",
    )
    due_to = DayFilter(
        field_name="due_on",
        lookup_expr="lte",
        label="Due to",
        help_text="Due on or before this day.",
    )
    parts = ((RequirementAnswer, "requirement"),)

    def changed_since(
        self, rows: QuerySet[Any], name: str, value: datetime.datetime
    ) -> QuerySet[Any]:
        """Keep those that changed since, or whose answer did, or an answer's report.

        A question opens again when the report of its answer is withdrawn.
        """
        reports = RequirementAnswer.objects.visible_to(self.viewer).filter(
            report__changed_at__gte=value
        )
        changed = super().changed_since(rows.all(), name, value).values("pk")
        answered = Exists(reports.filter(requirement=OuterRef("pk")))
        return rows.filter(Q(pk__in=changed) | Q(answered))

    def as_it_stands(self, rows: Any, name: str, value: Sequence[str]) -> Any:
        """Keep the questions that stand in one of these ways today."""
        return rows.standing(value, timezone.localdate()) if value else rows


def requirements_of(viewer: Viewer) -> RequirementQuerySet:
    """Return the questions that ``viewer`` may see, with the answers they may see."""
    answers = RequirementAnswer.objects.visible_to(viewer).that_stand()
    return (
        Requirement.objects.visible_to(viewer)
        .as_seen_by(viewer)
        .select_related("owner", "access_class", "group", "asked_of", "asked_person")
        .prefetch_related(
            Prefetch("answers", answers.select_related("report").order_by("id"))
        )
    )


class RequirementAnswerSerializer(serializers.ModelSerializer[RequirementAnswer]):
    """What a report says to a question."""

    report = ReportBrief(read_only=True)

    class Meta:
        model = RequirementAnswer
        fields: ClassVar = ["report", "text", "created_at"]


class RequirementSerializer(RecordSerializer[Requirement]):
    """A question on a group that an organisation is to answer by a day."""

    group = GroupBrief(read_only=True)
    asked_of = OrganisationBrief(read_only=True)
    standing = ChoicePair(RequirementStanding)
    answers = RequirementAnswerSerializer(many=True, read_only=True)

    class Meta:
        model = Requirement
        fields: ClassVar = [
            *RecordSerializer.BASE,
            "group",
            "attribute",
            "question",
            "asked_of",
            "due_on",
            "standing",
            "answers",
            "withdrawn_at",
            "withdrawn_reason",
        ]


class RequirementListing(Listing[Requirement]):
    """Intelligence requirements: what is asked, of whom, by when, and the answers."""

    scopes: ClassVar = {"GET": TokenScope.SCORE_READ}
    queryset = Requirement.objects.none()
    serializer_class = RequirementSerializer
    filterset_class = RequirementFilterSet
    orderings: ClassVar = {
        "created": "id",
        "changed_at": "changed_at",
        "due_on": "due_on",
    }

    def get_queryset(self) -> QuerySet[Requirement]:
        """Return the questions that the viewer may see."""
        return requirements_of(self.viewer)

    def complete(self, rows: Sequence[Any]) -> None:
        """Say how each stands today, in London."""
        today = timezone.localdate()
        for row in rows:
            row.standing = row.standing_on(today)

    def shown(self, rows: Sequence[Any]) -> Iterable[ProtectedRecord]:
        """Return the questions, their groups, the answers and their reports."""
        for row in rows:
            yield from (row, row.group)
            for answer in row.answers.all():
                yield from (answer, answer.report)
