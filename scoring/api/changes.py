"""What moved a group's score, and what is known now of a past day, over the API."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from intelligence.api.serializers import ReportBrief
from ocgmap.common.parameters import InvalidParameter
from scoring import picture
from scoring.api.days import day_of, naming_days
from scoring.api.serializers import Shape
from scoring.engine import CATALOGUE, Cause, Level, Part, Result, Step
from scoring.picture import Moment
from scoring.picture.movement import USUAL_DAYS
from scoring.scores import Moved

_LEVELS = "One of: " + ", ".join(str(level) for level in Level) + "."


class EndSerializer(Shape):
    """A score at one end of a change; `band` is null where the scheme has none."""

    value = serializers.IntegerField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()
    band = serializers.CharField(allow_null=True)


class StepSerializer(Shape):
    """One attribute that a cause moved. Of `rest` only the points are known."""

    attribute = serializers.CharField()
    title = serializers.CharField()
    change = serializers.IntegerField()
    before = serializers.CharField(allow_null=True, help_text=_LEVELS)
    after = serializers.CharField(allow_null=True, help_text=_LEVELS)
    judgement = serializers.UUIDField(allow_null=True)
    reports = ReportBrief(many=True)


class PartSerializer(Shape):
    """What one cause moved the value by, and where the value stood after it."""

    cause = serializers.ChoiceField([str(cause) for cause in Cause])
    change = serializers.IntegerField()
    value = serializers.IntegerField()
    band = serializers.CharField(allow_null=True)
    steps = StepSerializer(many=True)


class ScoreChangeSerializer(Shape):
    """Two scores of a group and the causes between them, whose parts add up exactly.

    Both ends are null, and there are no parts, where no score that the caller may see
    held at one of them.
    """

    before = EndSerializer(allow_null=True)
    after = EndSerializer(allow_null=True)
    change = serializers.IntegerField(allow_null=True)
    parts = PartSerializer(many=True)


def days_asked(asked: Mapping[str, str]) -> tuple[Moment, Moment]:
    """Return the two moments of `from` and `to`; without them the last seven days.

    Raises:
        InvalidParameter: one is no day or to come, or `from` is not before `to`.
    """
    with naming_days():
        until = picture.moment_of(day_of(asked, "to"), field="to")
        usual = until.day - datetime.timedelta(days=USUAL_DAYS)
        since = picture.moment_of(day_of(asked, "from") or usual, field="from")
    if since.day >= until.day:
        raise InvalidParameter("from: Give a day before `to`.", field="from")
    return since, until


def past_day_asked(asked: Mapping[str, str]) -> Moment:
    """Return the moment of `as_at`; without it, of seven days ago.

    Raises:
        InvalidParameter: it is no day, today, or to come.
    """
    today = timezone.localdate()
    day = day_of(asked, "as_at") or today - datetime.timedelta(days=USUAL_DAYS)
    if day == today:
        raise InvalidParameter("as_at: Give a day that is over.", field="as_at")
    with naming_days():
        return picture.moment_of(day)


def change_values(moved: Moved | None) -> dict[str, Any]:
    """Return a change as `ScoreChangeSerializer` reads it."""
    if moved is None:
        return {"before": None, "after": None, "change": None, "parts": []}
    fall = moved.waterfall
    return {
        "before": _end(moved.before),
        "after": _end(moved.after),
        "change": fall.after - fall.before,
        "parts": [_part(part, moved) for part in fall.parts],
    }


def _end(result: Result) -> dict[str, Any]:
    return {
        "value": result.value,
        "low": result.low,
        "high": result.high,
        "band": result.band,
    }


def _part(part: Part, moved: Moved) -> dict[str, Any]:
    return {
        "cause": str(part.cause),
        "change": part.change,
        "value": part.value,
        "band": part.band,
        "steps": [_step(step, moved) for step in part.steps],
    }


def _step(step: Step, moved: Moved) -> dict[str, Any]:
    judgement = moved.judgements.get(step.judgement_id or 0)
    return {
        "attribute": step.attribute,
        "title": CATALOGUE[step.attribute].title,
        "change": step.change,
        "before": None if step.before is None else str(step.before),
        "after": None if step.after is None else str(step.after),
        "judgement": judgement.public_id if judgement else None,
        "reports": [moved.reports[pk] for pk in step.report_ids if pk in moved.reports],
    }
