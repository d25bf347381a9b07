"""Turn a published network into a group, by the actions that the browser uses.

People in such files are numbers or code names: each becomes a nominal who is not
identified. One graded report stands behind everything that an import writes.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models.access_class import TagKind
from accounts.visibility import Viewer
from groups.actions import groups, links, people
from groups.actions.records import Telling
from groups.models import CrimeGroup, Membership, Nominal, PersonLink
from groups.permissions import check_can_edit
from intelligence.actions import reports, returns
from intelligence.actions.drafts import ReportDraft
from intelligence.actions.network_drafts import NetworkDraft, Taken, designation_of
from intelligence.exceptions import Refused
from intelligence.grading import Condition
from intelligence.grading.handling import Recipients
from intelligence.models import Return
from intelligence.models.return_register import Channel
from intelligence.permissions import check_can_submit
from ocgmap.common.date_fields import date_text
from ocgmap.common.errors import AppError
from ocgmap.common.records import Basis, Precision

# With handling C, those whom the label lets see the report may receive it.
_RECIPIENTS: Mapping[str, Recipients] = MappingProxyType(
    {
        TagKind.ORGANISATION: Recipients.ORIGINATOR_ONLY,
        TagKind.FORCE: Recipients.FORCE_ROCU_NCA,
        TagKind.REGION: Recipients.REGION,
        TagKind.ALL_FORCES: Recipients.UK_LAW_ENFORCEMENT,
    }
)


def take(
    *,
    by: Viewer,
    draft: NetworkDraft,
    all_or_nothing: bool = False,
    on_step: Callable[[], None] = lambda: None,
) -> Taken:
    """Write the network as one group with its people, links and report.

    A person or link that a rule refuses is left out and told in `refused`; with
    `all_or_nothing` the first of them refuses the whole. `on_step` is called once for
    each person and link.

    Raises:
        AppError: a rule refuses the group, the report or the return; nothing is written.
        PermissionDenied: ``by`` may not record for the owner, or not change the group.
    """
    check_can_submit(by, draft.owner)
    with transaction.atomic():
        writing = _Writing(by, draft, all_or_nothing=all_or_nothing, on_step=on_step)
        nominals = writing.people()
        taken = writing.reported(nominals)
        writing.members(taken, nominals)
        writing.links(taken, nominals)
        if taken.entry:
            returns.receive(
                by=by,
                ret=taken.entry,
                counts=writing.counts(taken, nominals),
                file_digest=draft.file_digest,
            )
    return taken


class _Writing:
    """The steps of one import, each of which needs what the former wrote."""

    def __init__(
        self,
        by: Viewer,
        draft: NetworkDraft,
        *,
        all_or_nothing: bool,
        on_step: Callable[[], None],
    ) -> None:
        self.by = by
        self.draft = draft
        self.all_or_nothing = all_or_nothing
        self.on_step = on_step
        self.refused: list[AppError] = []
        self.new: set[int] = set()
        self.group = self._group()

    def _group(self) -> CrimeGroup:
        draft = self.draft
        if draft.group is not None:
            check_can_edit(self.by, draft.group)
            return draft.group
        return groups.create(
            by=self.by,
            owner=draft.owner,
            name=draft.name,
            sharing=draft.sharing,
            sharing_reason=draft.sharing_reason,
            summary=f"Imported network. {draft.source}".strip(),
        )

    def people(self) -> dict[str, Nominal]:
        """Return the person of each name: found in the group, or written now."""
        members = Membership.objects.visible_to(self.by).filter(group=self.group)
        known = {
            row.nominal.designation: row.nominal
            for row in members.select_related("nominal")
            if row.nominal.designation
        }
        found: dict[str, Nominal] = {}
        for name in self.draft.files.names:
            designation = designation_of(name)
            try:
                found[name] = known.get(designation) or self._person(designation)
            except AppError as error:
                self._leave_out(f"nodes, name {name!r:.60}", error)
            self.on_step()
        return found

    def _person(self, designation: str) -> Nominal:
        nominal = people.create_nominal(
            by=self.by,
            owner=self.group.owner,
            access_class_id=self.group.access_class_id,
            is_identified=False,
            designation=designation,
        )
        self.new.add(nominal.pk)
        return nominal

    def reported(self, nominals: Mapping[str, Nominal]) -> Taken:
        """Submit the report that stands behind the import, in its return if dated."""
        draft = self.draft
        entry = self._entry()
        first, last = draft.period or (None, None)
        report, _ = reports.submit(
            by=self.by,
            draft=ReportDraft(
                owner=draft.owner,
                text=self._text(len(nominals)),
                source_grade=draft.grade[:1],
                assessment_grade=draft.grade[1:],
                handling=draft.handling,
                condition=self._condition(),
                received_on=timezone.localdate(),
                event_from=first,
                event_to=last,
                event_precision=Precision.CIRCA if first else Precision.UNKNOWN,
                sharing=draft.sharing,
                sharing_reason=draft.sharing_reason,
                groups=[self.group],
                nominals=list(nominals.values()),
                returned_in=entry,
            ),
        )
        return Taken(
            group=self.group,
            report=report,
            entry=entry,
            people_new=len(self.new),
            people_known=len(nominals) - len(self.new),
            refused=self.refused,
        )

    def _entry(self) -> Return | None:
        if self.draft.period is None:
            return None
        first, last = self.draft.period
        return returns.register(
            by=self.by,
            owner=self.draft.owner,
            from_on=first,
            to_on=last,
            due_on=last,
            channel=Channel.IMPORT,
        )

    def counts(self, taken: Taken, nominals: Mapping[str, Nominal]) -> dict[str, int]:
        """Return what came, as far as all readers of the return may know of it."""
        classes = {taken.report.access_class_id, self.group.access_class_id}
        if taken.entry and returns.open_to_readers(taken.entry, classes) != classes:
            return {}
        return {
            "reports": 1,
            "groups": 1,
            "people": len(nominals),
            "links": taken.links_new + taken.links_known,
            "rows_refused": self.draft.rows_refused + len(taken.refused),
        }

    def _condition(self) -> Condition | None:
        if self.draft.handling != "C":
            return None
        return Condition(
            _RECIPIENTS.get(self.draft.sharing, Recipients.ORIGINATOR_ONLY)
        )

    def _text(self, count: int) -> str:
        when = ""
        if self.draft.period:
            first, last = self.draft.period
            when = f" seen between {date_text(first)} and {date_text(last)}"
        return (
            f"Network “{self.draft.name}”: {count} people and "
            f"{len(self.draft.files.links)} links{when}. {self.draft.source}"
        ).strip()

    def members(self, taken: Taken, nominals: Mapping[str, Nominal]) -> None:
        """Record who is new as a member, on the report."""
        start = self.draft.period[0] if self.draft.period else None
        for name, nominal in nominals.items():
            if nominal.pk not in self.new:
                continue
            try:
                people.add_member(
                    by=self.by,
                    group=self.group,
                    nominal=nominal,
                    dpa_category=self.draft.dpa_category,
                    **self._told(taken, start, None),
                )
            except AppError as error:
                self._leave_out(f"nodes, name {name!r:.60}", error)

    def links(self, taken: Taken, nominals: Mapping[str, Nominal]) -> None:
        """Record the links that do not stand yet for the same period, on the report."""
        start, end = self.draft.period or (None, None)
        known = self._known_links(nominals, start, end)
        told = self._told(taken, start, end)
        for first, second in self.draft.files.links:
            a, b = nominals.get(first), nominals.get(second)
            try:
                if a is None or b is None:
                    raise Refused(
                        "links", "One of the two people was left out.", "Mend that row."
                    )
                if frozenset({a.pk, b.pk}) in known:
                    taken.links_known += 1
                else:
                    self._link(a, b, told)
                    taken.links_new += 1
            except AppError as error:
                self._leave_out(f"edges, {first!r:.40} to {second!r:.40}", error)
            self.on_step()

    def _link(self, a: Nominal, b: Nominal, told: Telling) -> None:
        links.link_people(
            by=self.by,
            a=a,
            b=b,
            kind=self.draft.link_kind,
            owner=self.draft.owner,
            **told,
        )

    def _known_links(
        self, nominals: Mapping[str, Nominal], start: date | None, end: date | None
    ) -> set[frozenset[int]]:
        ids = [nominal.pk for nominal in nominals.values()]
        rows = PersonLink.objects.visible_to(self.by).filter(
            Q(a__in=ids, b__in=ids), kind=self.draft.link_kind, from_on=start, to_on=end
        )
        return {frozenset(pair) for pair in rows.values_list("a_id", "b_id")}

    def _told(self, taken: Taken, start: date | None, end: date | None) -> Telling:
        return Telling(
            basis=Basis.RESEARCH,
            rationale=f"Imported network, report {taken.report.reference}",
            from_on=start,
            to_on=end,
            precision=Precision.CIRCA if start else Precision.UNKNOWN,
        )

    def _leave_out(self, row: str, error: AppError) -> None:
        """Note a row that a rule refused, or refuse the whole.

        Raises:
            AppError: it was all or nothing.
        """
        error.message = f"{row}: {error.message}"
        if self.all_or_nothing:
            raise error
        self.refused.append(error)
