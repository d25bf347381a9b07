"""What happened: activity, people who came and went, links, threats, reported events."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.visibility import Viewer
from groups.forms.fields import as_known
from groups.models import (
    Activity,
    CrimeGroup,
    GroupLink,
    GroupThreat,
    Involvement,
    Membership,
    Nominal,
)
from groups.models.participation import SAFEGUARDED
from groups.views.cards import group_cell, person_cell, under
from intelligence.models import Mention, Report
from intelligence.models.report import ReportState
from intelligence.views.cells import event_text, excerpt, grade_code, state_tag
from ocgmap.common.merged import Stream
from ocgmap.common.records import Precision, ProtectedRecord
from ocgmap.common.templatetags.govuk import uk_date
from scoring.views.entries import NO_DATE, Entry, Source, moment_of_day, month_of

KINDS = {
    "activity": "Activity",
    "member": "Members",
    "involved": "Others involved",
    "threat": "Threats",
    "link": "Links to groups",
    "report": "Reported events",
}
# What a fact says of its subject: the subject's name, address, and the records shown.
Subject = tuple[str, str, tuple[ProtectedRecord, ...]]
_VICTIM = {"text": "Victim", "colour": "purple"}


def happened(
    viewer: Viewer, group: CrimeGroup, instant: datetime.datetime | None
) -> Iterator[Source]:
    """Yield what happened with a group, of what was recorded by ``instant``."""

    def rows(model: Any, *related: str) -> Any:
        found = model.objects.visible_to(viewer).select_related(*related)
        return found if instant is None else found.filter(created_at__lte=instant)

    whole = CrimeGroup.objects.visible_to(viewer).whole(group.pk)
    own = Q(group__in=whole)
    several = (
        (
            "activity",
            rows(Activity, "group", "threat_type", "offence").filter(own),
            _noted(_activity, group),
        ),
        (
            "member",
            rows(Membership, "group", "nominal").filter(own),
            _noted(_member, group),
        ),
        (
            "involved",
            rows(Involvement, "group", "nominal").filter(own),
            _noted(_involved, group),
        ),
        (
            "threat",
            rows(GroupThreat, "group", "threat_type").filter(own),
            _noted(_threat, group),
        ),
        (
            "link",
            rows(GroupLink, "a", "b").filter(Q(a__in=whole) | Q(b__in=whole)),
            lambda one: _link(one, group),
        ),
    )
    for kind, found, subject in several:
        yield from _fact_sources(kind, found, subject)
    reports = Report.objects.visible_to(viewer).about([group.pk], viewer)
    yield _reported(reports, instant)


def _noted(
    subject: Callable[[Any], Subject], group: CrimeGroup
) -> Callable[[Any], Subject]:
    """Return the subject, which says where the fact is of a group merged into this."""

    def noted(one: Any) -> Subject:
        title, url, records = subject(one)
        return f"{title}{under(group, one.group)}", url, records

    return noted


def _reported(reports: Any, instant: datetime.datetime | None) -> Source:
    """Return the events of reports that stand, of those submitted by ``instant``."""
    told = reports.filter(state__in=_TOLD)
    if instant is not None:
        told = told.filter(created_at__lte=instant)
    moment = moment_of_day("event_from", "event_precision")
    return Source("report", Stream("1report", told, moment), _each(_report))


_TOLD = (ReportState.SUBMITTED, ReportState.AWAITING)


def _each(tell: Callable[[Any], Entry]) -> Callable[[Sequence[Any]], list[Entry]]:
    return lambda rows: [tell(row) for row in rows]


def _fact_sources(
    kind: str, rows: Any, subject: Callable[[Any], Subject]
) -> Iterator[Source]:
    """Yield how facts began, and how those that ended did."""

    def began(one: Any) -> Entry:
        title, url, records = subject(one)
        known = one.from_on is not None
        return Entry(
            kind,
            title,
            month_of(one.from_on, one.precision),
            when=_began(one) if known else NO_DATE,
            url=url,
            text=_text(one),
            tag=_tag(one),
            records=(one, *records),
        )

    def ended(one: Any) -> Entry:
        title, url, records = subject(one)
        return Entry(
            kind,
            f"{title}: ended",
            month_of(one.to_on),
            when=uk_date(one.to_on),
            url=url,
            tag=_tag(one),
            records=(one, *records),
        )

    start = moment_of_day("from_on", "precision")
    yield Source(kind, Stream(f"1{kind}", rows, start), _each(began))
    over = rows.filter(to_on__isnull=False)
    yield Source(kind, Stream(f"0{kind}", over, moment_of_day("to_on")), _each(ended))


def _began(one: Any) -> str:
    text = uk_date(as_known(one.from_on, one.precision))
    return (
        f"{text}, precision not known" if one.precision == Precision.UNKNOWN else text
    )


def _text(one: Any) -> str:
    return f"{one.get_basis_display()}. {one.rationale}".strip()


def _tag(one: Any) -> dict[str, str] | None:
    return _VICTIM if getattr(one, "kind", "") in SAFEGUARDED else None


def _activity(one: Activity) -> Subject:
    url = reverse("groups:activity", args=[one.group.public_id])
    return f"Activity: {one.threat_type.name}", url, ()


def _member(one: Membership) -> Subject:
    cell = person_cell(one.nominal)
    return f"Member: {cell['text']}", cell["url"], (one.nominal,)


def _involved(one: Involvement) -> Subject:
    """Return who is involved; those who were harmed by their reference alone."""
    cell = person_cell(one.nominal)
    name = one.nominal.reference if one.kind in SAFEGUARDED else cell["text"]
    return f"{one.get_kind_display()}: {name}", cell["url"], (one.nominal,)


def _threat(one: GroupThreat) -> Subject:
    return f"Threat: {one.threat_type.name}", "", ()


def _link(one: GroupLink, group: CrimeGroup) -> Subject:
    other = one.b if group.pk in (one.a_id, one.a.merged_into_id) else one.a
    cell = group_cell(other)
    return f"{one.get_kind_display()} with {cell['text']}", cell["url"], (other,)


def _report(one: Report) -> Entry:
    return Entry(
        "report",
        f"Report {one.reference}, {grade_code(one)}",
        month_of(one.event_from, one.event_precision),
        when=event_text(one) if one.event_from else NO_DATE,
        url=reverse("intelligence:report", args=[one.public_id]),
        text=excerpt(one),
        tag=None if one.state == ReportState.SUBMITTED else state_tag(one),
        records=(one,),
    )


def happened_to(
    viewer: Viewer, nominal: Nominal, instant: datetime.datetime | None
) -> Iterator[Source]:
    """Yield what happened with a person, of what was recorded by ``instant``."""

    def rows(model: Any) -> Any:
        found = model.objects.visible_to(viewer).filter(nominal=nominal)
        found = found.select_related("group")
        return found if instant is None else found.filter(created_at__lte=instant)

    yield from _fact_sources("member", rows(Membership), _member_of)
    yield from _fact_sources("involved", rows(Involvement), _involved_with)
    named = Mention.objects.visible_to(viewer).filter(nominal=nominal)
    reports = Report.objects.visible_to(viewer).filter(id__in=named.values("report_id"))
    yield _reported(reports, instant)


def _member_of(one: Membership) -> Subject:
    cell = group_cell(one.group)
    return f"Member of {cell['text']}", cell["url"], (one.group,)


def _involved_with(one: Involvement) -> Subject:
    cell = group_cell(one.group)
    return f"{one.get_kind_display()}: {cell['text']}", cell["url"], (one.group,)
