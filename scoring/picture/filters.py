"""Which moment a picture shows, and which of its lines a list keeps."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone

from groups.models import ThreatType
from groups.models.crime_group import ActivityStatus, RecordState, Tier
from ocgmap.common.date_fields import EARLIEST, date_text
from scoring.engine import INSUFFICIENT, PRIMARY
from scoring.exceptions import UnknownFilter
from scoring.models import PictureLine

NO_THREAT = "none"
NOT_CONFIRMED = "none"
ANY = "any"
# How long a review has been overdue: from and to so many days, the last without end.
DEBTS: dict[str, tuple[int, int | None]] = {
    "30": (1, 30),
    "90": (31, 90),
    "180": (91, 180),
    "more": (181, None),
}
BANDS: tuple[str, ...] = (*PRIMARY.bands(), INSUFFICIENT)


@dataclass(frozen=True, slots=True)
class Moment:
    """The day of a picture, and the instant at which its lines hold; None is now."""

    day: datetime.date
    instant: datetime.datetime | None = None

    @property
    def is_now(self) -> bool:
        """Return whether the picture is of the present."""
        return self.instant is None


def moment_of(at: datetime.date | None, *, field: str = "at") -> Moment:
    """Return the moment of an as-at date: the end of that local day.

    Today is the present: its end has not come yet. ``field`` is what a refusal names.

    Raises:
        UnknownFilter: the day is still to come, or before all records.
    """
    today = timezone.localdate()
    if at is None or at == today:
        return Moment(today)
    if at > today:
        raise UnknownFilter(
            "The date is still to come. Choose today or an earlier day.", field=field
        )
    if at < EARLIEST:
        raise UnknownFilter(
            f"The date must not be before {date_text(EARLIEST)}. Check the year.",
            field=field,
        )
    midnight = datetime.datetime.combine(
        at + datetime.timedelta(days=1), datetime.time.min
    )
    ends_at = timezone.make_aware(midnight) - datetime.timedelta(microseconds=1)
    return Moment(at, ends_at)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition on a line, for the database and for a line scored at read."""

    query: Q
    holds: Callable[[PictureLine], bool]

    def negated(self) -> "Criterion":
        """Return the condition that this one does not hold."""
        return Criterion(~self.query, lambda line: not self.holds(line))


@dataclass(frozen=True, slots=True)
class PictureFilters:
    """What a list of groups is narrowed to; '' and None mean: do not narrow.

    Without a state and a status, the groups are those of the headline figures: mapped
    and active. `any` stands for every state or status. `confirmed` and `threat` take
    `none` for groups that have none.
    """

    band: str = ""
    confirmed: str = ""
    threat: str = ""
    tier: str = ""
    state: str = ""
    status: str = ""
    owner: str = ""
    debt: str = ""
    overdue: bool | None = None
    awaiting: bool | None = None
    unjudged: bool | None = None

    def check(self) -> None:
        """Raise for a code that is not in its table, so that a slip is no empty list.

        Raises:
            UnknownFilter: names the field and the codes.
        """
        _check("band", self.band, BANDS)
        _check("confirmed", self.confirmed, (*BANDS, NOT_CONFIRMED))
        _check("tier", self.tier, Tier.values)
        _check("debt", self.debt, tuple(DEBTS))
        _check("state", self.state, (*RecordState.values, ANY))
        _check("status", self.status, (*ActivityStatus.values, ANY))
        if self.threat:
            codes = ThreatType.objects.values_list("code", flat=True)
            _check("threat", self.threat, (*codes, NO_THREAT))

    def of_groups(self) -> Q:
        """Return the conditions that hold for every line of a group alike."""
        found = Q()
        if self.state != ANY:
            found &= Q(record_state=self.state or RecordState.MAPPED)
        if self.status != ANY:
            found &= Q(activity_status=self.status or ActivityStatus.ACTIVE)
        if self.tier:
            found &= Q(tier=self.tier)
        if self.owner:
            found &= Q(owner__code=self.owner)
        return found

    def criteria(self, day: datetime.date) -> Iterator[Criterion]:
        """Yield the conditions on what a reader's own line of a group says."""
        if self.band:
            yield Criterion(
                Q(computed_band=self.band), lambda line: line.computed_band == self.band
            )
        if self.confirmed:
            band = "" if self.confirmed == NOT_CONFIRMED else self.confirmed
            yield Criterion(
                Q(confirmed_band=band), lambda line: line.confirmed_band == band
            )
        if self.threat:
            threat = ThreatType.objects.filter(code=self.threat).first()
            yield Criterion(
                Q(predominant_threat=threat),
                lambda line: line.predominant_threat_id == (threat and threat.pk),
            )
        if self.debt:
            yield debt_on(day, self.debt)
        for wanted, criterion in (
            (self.overdue, overdue_on(day)),
            (self.awaiting, AWAITING),
            (self.unjudged, UNJUDGED),
        ):
            if wanted is not None:
                yield criterion if wanted else criterion.negated()


def overdue_on(day: datetime.date) -> Criterion:
    """Return the condition that a review was due before ``day``."""
    return Criterion(
        Q(review_due_on__isnull=False, review_due_on__lt=day),
        lambda line: line.review_due_on is not None and line.review_due_on < day,
    )


def debt_on(day: datetime.date, debt: str) -> Criterion:
    """Return the condition that a review is overdue on ``day`` by so many days."""
    first, last = DEBTS[debt]
    newest = day - datetime.timedelta(days=first)
    if last is None:
        return Criterion(
            Q(review_due_on__lte=newest),
            lambda line: (
                line.review_due_on is not None and line.review_due_on <= newest
            ),
        )
    oldest = day - datetime.timedelta(days=last)
    return Criterion(
        Q(review_due_on__range=(oldest, newest)),
        lambda line: (
            line.review_due_on is not None and oldest <= line.review_due_on <= newest
        ),
    )


# A band is confirmed when a person's decision stands and says what the engine says;
# where the two differ, a person must look again.
AWAITING = Criterion(
    Q(confirmed_band="") | ~Q(confirmed_band=F("computed_band")),
    lambda line: not line.confirmed_band or line.confirmed_band != line.computed_band,
)
UNJUDGED = Criterion(Q(unjudged_count__gt=0), lambda line: line.unjudged_count > 0)


def _check(field: str, value: str, codes: tuple[str, ...] | list[str]) -> None:
    if value and value not in codes:
        raise UnknownFilter(f"Choose one of: {', '.join(codes)}.", field=field)
