"""How lists of reports and returns can be narrowed, on pages and in the API.

Free text is not a filter: a search is sent by POST, and its address then carries the
opaque id of a `SearchTerm` as `q`.
"""

from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import Organisation
from accounts.visibility import Viewer
from groups.filters import RecordFilterSet
from groups.models import CrimeGroup
from groups.models.saved_search import SearchKind
from intelligence.grading import (
    ASSESSMENT_DEFINITIONS,
    HANDLING_DEFINITIONS,
    SOURCE_DEFINITIONS,
)
from intelligence.models import AttributeClaim, Mention, Report, Return
from intelligence.models.claim import Level
from intelligence.models.report import ReportState
from intelligence.models.return_register import Standing
from intelligence.search import matching
from ocgmap.common.filters import (
    AnyOfFilter,
    DayFilter,
    IdsFilter,
    SavedFilter,
    TermFilter,
)


def reports_to_assure(viewer: Viewer) -> QuerySet[Report]:
    """Return the reports that await an assurer of the viewer's organisation or region.

    Those that the viewer submitted are among them, though another must decide.
    """
    owners = Organisation.objects.placed_in(
        viewer.organisation_id, timezone.localdate()
    )
    return (
        Report.objects.visible_to(viewer).awaiting_assurance().filter(owner__in=owners)
    )


class ReportFilterSet(RecordFilterSet):
    """Reports by grade, state, day received, and what they mention or claim."""

    saved_kind = SearchKind.REPORTS
    saved_search = SavedFilter(method="saved")
    source = AnyOfFilter(
        field_name="source_grade",
        choices=[
            (one.code, f"{one.code} {one.label}") for one in SOURCE_DEFINITIONS.values()
        ],
        help_text="3x5x2 source grade.",
    )
    assessment = AnyOfFilter(
        field_name="assessment_grade",
        choices=[
            (one.code, f"{one.code} {one.label}")
            for one in ASSESSMENT_DEFINITIONS.values()
        ],
        help_text="3x5x2 intelligence assessment.",
    )
    handling = AnyOfFilter(
        choices=[
            (one.code, f"{one.code} {one.label}")
            for one in HANDLING_DEFINITIONS.values()
        ],
        help_text="3x5x2 handling code.",
    )
    state = AnyOfFilter(choices=ReportState, help_text="Whether the report counts.")
    received_from = DayFilter(
        field_name="received_on",
        lookup_expr="gte",
        label="Received from",
        help_text="Received on or after this day.",
    )
    received_to = DayFilter(
        field_name="received_on",
        lookup_expr="lte",
        label="Received to",
        help_text="Received on or before this day.",
    )
    group = IdsFilter(
        method="about_groups", label="Group", help_text="Id of a group it speaks of."
    )
    nominal = IdsFilter(
        method="naming", label="Person", help_text="Id of a person it mentions."
    )
    level = AnyOfFilter(
        choices=Level,
        method="claiming",
        label="Level claimed",
        help_text="Level that it claims of any attribute.",
    )
    q = TermFilter(method="found")

    def about_groups(
        self, rows: QuerySet[Report], name: str, value: Sequence[str]
    ) -> QuerySet[Report]:
        """Keep the reports on any of these groups, by what the viewer may see."""
        if not value:
            return rows
        groups = CrimeGroup.objects.visible_to(self.viewer).filter(
            public_id__in=list(value)
        )
        ids = list(groups.values_list("pk", flat=True))
        return rows.filter(
            pk__in=Report.objects.visible_to(self.viewer)
            .about(ids, self.viewer)
            .values("pk")
        )

    def naming(
        self, rows: QuerySet[Report], name: str, value: Sequence[str]
    ) -> QuerySet[Report]:
        """Keep the reports that mention any of these people."""
        if not value:
            return rows
        mentions = Mention.objects.visible_to(self.viewer).filter(
            report=OuterRef("pk"), nominal__public_id__in=list(value)
        )
        return rows.filter(Exists(mentions))

    def claiming(
        self, rows: QuerySet[Report], name: str, value: Sequence[str]
    ) -> QuerySet[Report]:
        """Keep the reports that claim one of these levels of any attribute."""
        if not value:
            return rows
        claims = AttributeClaim.objects.visible_to(self.viewer).filter(
            report=OuterRef("pk"), level__in=list(value)
        )
        return rows.filter(Exists(claims))

    def found(self, rows: QuerySet[Report], name: str, value: str) -> QuerySet[Report]:
        """Keep the reports whose text or reference holds a search of the viewer's."""
        return rows.filter(matching(self.searched(value).strip()))


NIL = "nil"
CONTENTS = [(NIL, "Nil"), ("reports", "Reports")]


class ReturnFilterSet(RecordFilterSet):
    """Returns by how they stand today, and by their due day."""

    standing = AnyOfFilter(
        choices=Standing,
        method="as_it_stands",
        label="Status",
        help_text="How it stands today.",
    )
    content = AnyOfFilter(
        choices=CONTENTS,
        method="of_content",
        label="What came",
        help_text="Of the returns that have come, in time or late.",
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

    def of_content(
        self, rows: QuerySet[Return], name: str, value: Sequence[str]
    ) -> QuerySet[Return]:
        """Keep the returns that came nil, or those that came with reports."""
        if not value:
            return rows
        nil = {one == NIL for one in value}
        return rows.filter(received_at__isnull=False, is_nil__in=nil)

    def as_it_stands(
        self, rows: QuerySet[Return], name: str, value: Sequence[str]
    ) -> QuerySet[Return]:
        """Keep the returns that stand in one of these ways today."""
        if not value:
            return rows
        today = timezone.localdate()
        rows = rows.annotate(_received_on=TruncDate("received_at"))
        in_time = Q(received_at__isnull=False, _received_on__lte=F("due_on"))
        conditions = {
            Standing.DUE: Q(received_at__isnull=True, due_on__gte=today),
            Standing.OVERDUE: Q(received_at__isnull=True, due_on__lt=today),
            Standing.RECEIVED: in_time & Q(is_nil=False),
            Standing.NIL: in_time & Q(is_nil=True),
            Standing.LATE: Q(_received_on__gt=F("due_on")),
        }
        chosen = Q()
        for standing in value:
            chosen |= conditions[Standing(standing)]
        return rows.filter(chosen)
