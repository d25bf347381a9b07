"""What a list of groups is asked for: read from the address, strictly.

A name that the address does not know is refused and the known ones are named; a value
that cannot be meant is an error beside its field. Names of groups are never here: a
search is sent by POST and its address carries an opaque id.
"""

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Organisation
from accounts.models.organisation import REGION_KINDS, Kind
from accounts.visibility import Viewer
from groups.former import events_of
from groups.models import CrimeGroup
from groups.models.crime_group import ActivityStatus, RecordState
from groups.search import groups_matching, term_of
from intelligence.models import AttributeClaim
from intelligence.models.report import ReportState
from ocgmap.common.columns import PARAMETER
from ocgmap.common.date_fields import date_text
from ocgmap.common.keyset import Order
from ocgmap.common.parameters import InvalidParameter, check_parameters
from scoring import picture
from scoring.engine import PRIMARY
from scoring.forms import ORDERS, GroupListForm
from scoring.models import Judgement, PictureLine
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

    A judged level stands whatever is reported since, so a person must look again. What
    is reported on a record that was merged into the group counts as of the group: from
    the moment it was reported, or of the merge if that came later.
    """
    rule = PRIMARY.usable
    usable = AttributeClaim.objects.visible_to(viewer).filter(
        attribute=OuterRef("attribute"),
        report__state=ReportState.SUBMITTED,
        report__source_grade__lte=rule.worst_source,
        report__assessment_grade__in=list(rule.assessments),
    )
    current = Judgement.objects.visible_to(viewer).current().values("id")
    standing = Judgement.objects.filter(id__in=current)
    is_later = Q(created_at__gt=OuterRef("decided_at"))
    of_group = usable.filter(is_later, group=OuterRef("group"))
    of_merged = usable.filter(
        is_later | Exists(_before_merge(viewer)), group__merged_into=OuterRef("group")
    )
    return standing.filter(Exists(of_group) | Exists(of_merged)).values("group_id")


def _before_merge(viewer: Viewer) -> QuerySet[Any]:
    """Return the states of a claim's group that ended after the judgement, unmerged.

    A former state is kept when it ends: one that ends after the judgement and was not
    merged into the judged group yet says that the merge is the later of the two.
    """
    return events_of(viewer, CrimeGroup).filter(
        ~Q(merged_into_id=OuterRef(OuterRef("group"))) | Q(merged_into_id__isnull=True),
        pgh_obj_id=OuterRef("group"),
        pgh_created_at__gt=OuterRef(OuterRef("decided_at")),
    )


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


def searched(by: Viewer, term_id: str) -> str:
    """Return the text of one of the reader's own searches; '' where none is asked.

    Raises:
        InvalidParameter: there is none such, or it is another user's.
    """
    if not term_id:
        return ""
    term = term_of(by, term_id)
    if term is None:
        raise InvalidParameter(
            "q: This search is not one of yours. Search again.", field="q"
        )
    return term.text


def matching(
    by: Viewer, data: QueryDict, usual: str, text: str = ""
) -> QuerySet[CrimeGroup]:
    """Return all the groups, as they stand, of the list that an address asks for.

    ``text`` is what the search that the address names looks for, where it is known.

    Raises:
        InvalidParameter: a filter of the address cannot be meant.
    """
    form = GroupListForm(asked_of(data, usual))
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise InvalidParameter(f"{name}: {errors[0]}", field=name)
    query = query_of(form)
    term = text or searched(by, query.term)
    seen = CrimeGroup.objects.visible_to(by)
    if query.is_of_records:
        return seen.filter(pk__in=records_of(by, query, term).values("pk"))
    lines, live = lines_of(by, query, term)
    ids = lines.order_by().values("group_id")
    return seen.filter(Q(pk__in=ids) | Q(pk__in=[line.group_id for line in live]))


def lines_of(
    by: Viewer, query: GroupQuery, term: str
) -> tuple[QuerySet[PictureLine], list[PictureLine]]:
    """Return the lines that a figure counts: those stored, and those scored at read."""
    moment = picture.moment_of(query.at)
    lines = picture.lines(by, query.scope, query.at, query.filters)
    live = picture.live_lines(by, query.scope, query.filters) if moment.is_now else []
    if query.has_newer_evidence:
        lines, live = lines.filter(group_id__in=groups_with_newer_evidence(by)), []
    if query.is_across:
        across = set(picture.groups_across(by, query.scope, moment.day))
        lines = lines.filter(group_id__in=across)
        live = [line for line in live if line.group_id in across]
    if term:
        found = groups_matching(by, term)
        lines = lines.filter(group_id__in=found.values("pk"))
        ids = set(found.values_list("pk", flat=True)) if live else set()
        live = [line for line in live if line.group_id in ids]
    return lines, live


def records_of(by: Viewer, query: GroupQuery, term: str) -> QuerySet[CrimeGroup]:
    """Return groups as they stand, drafts of a moment ago among them."""
    day = picture.moment_of(None).day
    found = groups_matching(by, term) if term else CrimeGroup.objects.visible_to(by)
    found = found.filter(query.record_filters.of_groups(), merged_into__isnull=True)
    owners = picture.owners_in(query.scope, day)
    if owners is not None:
        found = found.filter(owner_id__in=owners)
    return found


def usual_scope(organisation: Organisation) -> str:
    """Return the scope of an organisation's own figures."""
    if organisation.kind == Kind.FORCE:
        return f"force:{organisation.code}"
    if organisation.kind in REGION_KINDS:
        return f"region:{organisation.code}"
    return "national"
