"""What a list of groups is asked for: read from the address, strictly.

A name that the address does not know is refused and the known ones are named; a value
that cannot be meant is an error beside its field. Names of groups are never here: a
search is sent by POST and its address carries an opaque id.
"""

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from accounts.visibility import Viewer
from groups.models.crime_group import ActivityStatus, RecordState
from intelligence.models import AttributeClaim
from intelligence.models.report import ReportState
from ocgmap.common.columns import PARAMETER
from ocgmap.common.date_fields import date_text
from ocgmap.common.keyset import Order
from ocgmap.common.parameters import check_parameters
from scoring.engine import PRIMARY
from scoring.forms import ORDERS, GroupListForm
from scoring.models import Judgement
from scoring.picture import (
    NATIONAL,
    PictureFilters,
    PictureScope,
)
from scoring.picture.filters import ANY


@dataclass(frozen=True, slots=True)
class GroupQuery:
    """A list of groups as it was asked for."""

    scope: PictureScope
    at: datetime.date | None
    filters: PictureFilters
    sort: str
    term: str
    has_newer_evidence: bool = False
    is_across: bool = False

    @property
    def is_of_records(self) -> bool:
        """Return whether the list is of records as they stand, not of the picture.

        So a draft of a moment ago is found, which no line of the picture holds yet.
        """
        wanted = self.filters
        is_beyond_headline = wanted.state not in {"", RecordState.MAPPED} or (
            wanted.status not in {"", ActivityStatus.ACTIVE}
        )
        asks_for_lines = (
            self.at
            or self.sort
            or self.has_newer_evidence
            or self.is_across
            or wanted.debt
            or wanted.band
            or wanted.confirmed
            or wanted.threat
            or wanted.overdue is not None
            or wanted.awaiting is not None
            or wanted.unjudged is not None
        )
        return bool(self.term or is_beyond_headline) and not asks_for_lines

    @property
    def record_filters(self) -> PictureFilters:
        """Return what is asked of records; a search finds them in any state."""
        if not self.term:
            return self.filters
        return replace(
            self.filters,
            state=self.filters.state or ANY,
            status=self.filters.status or ANY,
        )

    @property
    def order(self) -> Order:
        """Return how the list is put in order."""
        return ORDERS[self.sort][1]


def check_names(data: QueryDict) -> None:
    """Raise unless the list of groups knows every parameter of the address.

    Raises:
        UnknownParameter: one is not known; those that are known are named.
    """
    check_parameters(data, {*GroupListForm.base_fields, "cursor", PARAMETER})


def asked_of(data: QueryDict, usual: str) -> QueryDict:
    """Return the address's parameters with a place: of a search, the nation."""
    asked = data.copy()
    if not asked.get("scope"):
        asked["scope"] = NATIONAL.key if asked.get("q") else usual
    return asked


def query_of(form: GroupListForm) -> GroupQuery:
    """Return what a valid form asks for."""
    asked = form.cleaned_data
    return GroupQuery(
        scope=asked["scope"],
        at=asked["at"],
        filters=PictureFilters(
            **{name: asked[name] for name in PictureFilters.__slots__}
        ),
        sort=asked["sort"],
        term=str(asked["q"] or ""),
        has_newer_evidence=bool(asked["newer"]),
        is_across=bool(asked["across"]),
    )


def groups_with_newer_evidence(viewer: Viewer) -> QuerySet[Judgement, Any]:
    """Return the ids of the groups with a usable claim later than its judgement.

    A judged level stands whatever is reported since, so a person must look again.
    """
    rule = PRIMARY.usable
    later = AttributeClaim.objects.visible_to(viewer).filter(
        group=OuterRef("group"),
        attribute=OuterRef("attribute"),
        created_at__gt=OuterRef("decided_at"),
        report__state=ReportState.SUBMITTED,
        report__source_grade__lte=rule.worst_source,
        report__assessment_grade__in=list(rule.assessments),
    )
    current = Judgement.objects.visible_to(viewer).current().values("id")
    standing = Judgement.objects.filter(id__in=current)
    return standing.filter(Exists(later)).values("group_id")


def groups_url(scope: str, at: datetime.date | None = None, **filters: str) -> str:
    """Return the address of the list of groups that a figure counts."""
    asked = {"scope": scope, **filters, "at": at.isoformat() if at else ""}
    kept = {name: value for name, value in asked.items() if value}
    return f"{reverse('scoring:groups')}?{urlencode(kept)}"


def in_use(form: GroupListForm, data: QueryDict) -> list[dict[str, str]]:
    """Return the filters in use: what each says, and the address without it."""
    chosen = []
    for name in form.fields:
        value = data.get(name, "")
        if not value or name == "sort":
            continue
        rest = data.copy()
        rest.pop(name)
        rest.pop("cursor", None)
        chosen.append({"text": _said(form, name, value), "url": f"?{rest.urlencode()}"})
    return chosen


def _said(form: GroupListForm, name: str, value: str) -> str:
    if name == "q":
        return "Search"
    asked = form.cleaned_data.get(name)
    label = str(form.fields[name].label)
    if isinstance(asked, PictureScope):
        return f"{label}: {asked.name}"
    if isinstance(asked, datetime.date):
        return f"{label}: {date_text(asked)}"
    choices: Any = getattr(form.fields[name], "choices", ())
    return f"{label}: {dict(choices).get(value, value)}"
