"""How groups are narrowed by what their scores say, and receipts by where they stand."""

import functools
import operator
from collections.abc import Iterator, Sequence
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Organisation
from groups.filters import GroupFilterSet
from groups.models import CrimeGroup, SavedSearch, ThreatType
from groups.models.saved_search import SearchKind
from ocgmap.common.filters import (
    AnyOfFilter,
    CodesFilter,
    IdsFilter,
    MomentFilter,
    SavedFilter,
    StrictFilterSet,
    TruthFilter,
)
from scoring.engine import PRIMARY, SCHEME_KEYS
from scoring.filters import matching, usual_scope
from scoring.forms import debt_text
from scoring.models import PictureLine
from scoring.models.outbox import ReceiptState
from scoring.picture import (
    NATIONAL,
    PictureFilters,
    groups_across,
    lines,
    live_lines,
)
from scoring.picture.filters import (
    ANY,
    AWAITING,
    BANDS,
    DEBTS,
    NO_THREAT,
    NOT_CONFIRMED,
    UNJUDGED,
    Criterion,
    debt_on,
    overdue_on,
)

_EVERY_GROUP = PictureFilters(state=ANY, status=ANY)
_BANDS = [(band, band) for band in BANDS]


class ScoredGroupFilterSet(GroupFilterSet):
    """Groups also by band, confirmation and review, as the reader's own lines say.

    `threat` is the predominant threat of the line, as the picture counts it.
    """

    saved_kind = SearchKind.GROUPS
    saved_search = SavedFilter(method="saved")
    band = AnyOfFilter(
        method="later", choices=_BANDS, help_text="Computed band: advisory."
    )
    confirmed = AnyOfFilter(
        method="later",
        choices=[*_BANDS, (NOT_CONFIRMED, "Not confirmed")],
        help_text="Band that a person confirmed; `none` for groups without one.",
    )
    threat = CodesFilter(
        method="later",
        queryset=ThreatType.objects.all(),
        none=NO_THREAT,
        label="Predominant threat",
        help_text="Code of the predominant threat, or `none`; repeat for any of several.",
    )
    awaiting = TruthFilter(
        method="later", help_text="Whether the computed band awaits confirmation."
    )
    overdue = TruthFilter(
        method="later", help_text="Whether the review was due before today."
    )
    debt = AnyOfFilter(
        method="later",
        choices=[(key, debt_text(key)) for key in DEBTS],
        help_text="For how many days the review is overdue.",
    )
    unjudged = TruthFilter(
        method="later",
        help_text="Whether a level rests on reports that no person has judged.",
    )
    across = TruthFilter(
        method="that_reach_out",
        help_text="Whether the group reaches beyond the region of its owner.",
    )

    def found_by(
        self, saved: SavedSearch, rows: QuerySet[CrimeGroup]
    ) -> QuerySet[CrimeGroup]:
        """Return those of ``rows`` that the page of groups shows for a saved search."""
        own = Organisation.objects.get(pk=self.viewer.organisation_id)
        found = matching(self.viewer, saved.asked, usual_scope(own), saved.text)
        return rows.filter(pk__in=found.values("pk"))

    def that_reach_out(
        self, rows: QuerySet[CrimeGroup], name: str, value: bool
    ) -> QuerySet[CrimeGroup]:
        """Keep the groups that reach beyond their region, or those that do not."""
        across = groups_across(self.viewer, NATIONAL, timezone.localdate())
        return rows.filter(pk__in=across) if value else rows.exclude(pk__in=across)

    def later(
        self, rows: QuerySet[CrimeGroup], name: str, value: Any
    ) -> QuerySet[CrimeGroup]:
        """Return the rows as they are: the set itself applies what is of lines."""
        return rows

    def filter_queryset(self, queryset: QuerySet[CrimeGroup]) -> QuerySet[CrimeGroup]:
        """Return the groups that match every filter; those of lines in one query."""
        rows: QuerySet[CrimeGroup] = super().filter_queryset(queryset)
        criteria = list(_criteria(self.form.cleaned_data))
        if not criteria:
            return rows
        kept = lines(self.viewer, NATIONAL, None, _EVERY_GROUP)
        for one in criteria:
            kept = kept.filter(one.query)
        live = [
            line.group_id
            for line in live_lines(self.viewer, NATIONAL, _EVERY_GROUP)
            if all(one.holds(line) for one in criteria)
        ]
        return rows.filter(Q(pk__in=kept.values("group_id")) | Q(pk__in=live))


class AssessmentFilterSet(ScoredGroupFilterSet):
    """Groups as above, and by id; `scheme` says which score to show of them."""

    group = IdsFilter(field_name="public_id", help_text="Id of a group.")
    scheme = django_filters.ChoiceFilter(
        method="later",
        choices=[(key, key) for key in SCHEME_KEYS],
        help_text=f"Key of a scheme; {PRIMARY.key} if left out.",
    )


class ReceiptFilterSet(StrictFilterSet):
    """Receipts by report, group, state and moment of submission."""

    report = IdsFilter(field_name="report__public_id", help_text="Id of a report.")
    group = IdsFilter(field_name="group__public_id", help_text="Id of a group.")
    state = AnyOfFilter(choices=ReceiptState, help_text="Where it stands.")
    submitted_since = MomentFilter(
        field_name="submitted_at",
        lookup_expr="gte",
        help_text="Submitted at or after this moment.",
    )


def _criteria(values: dict[str, Any]) -> Iterator[Criterion]:
    if values["band"]:
        yield _one_of("computed_band", values["band"])
    if values["confirmed"]:
        bands = ["" if one == NOT_CONFIRMED else one for one in values["confirmed"]]
        yield _one_of("confirmed_band", bands)
    if values["threat"]:
        yield _one_of("predominant_threat_id", values["threat"])
    if values["debt"]:
        yield _any_of([debt_on(timezone.localdate(), one) for one in values["debt"]])
    for name, criterion in (
        ("awaiting", AWAITING),
        ("overdue", overdue_on(timezone.localdate())),
        ("unjudged", UNJUDGED),
    ):
        if values[name] is not None:
            yield criterion if values[name] else criterion.negated()


def _any_of(criteria: Sequence[Criterion]) -> Criterion:
    return Criterion(
        functools.reduce(operator.or_, (one.query for one in criteria)),
        lambda line: any(one.holds(line) for one in criteria),
    )


def _one_of(column: str, values: Sequence[Any]) -> Criterion:
    def holds(line: PictureLine) -> bool:
        return getattr(line, column) in values

    return Criterion(
        functools.reduce(operator.or_, (_equals(column, one) for one in values)), holds
    )


def _equals(column: str, value: Any) -> Q:
    return Q(**{f"{column}__isnull": True}) if value is None else Q(**{column: value})
