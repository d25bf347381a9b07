"""What a report speaks of: found among what its author may see, then written down."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from accounts.actions import labels
from accounts.visibility import Viewer
from groups.models import CrimeGroup, Nominal
from groups.permissions import check_unrestricted
from intelligence.actions.drafts import ClaimDraft, ReportDraft
from intelligence.exceptions import Refused, UnknownAttribute, UnknownReference
from intelligence.models import Attribute, AttributeClaim, Mention, Report
from intelligence.models.claim import Level
from ocgmap.common.remembering import remembered, remembered_many

Target = TypeVar("Target", CrimeGroup, Nominal)

_NAMES = {CrimeGroup: ("group", "G-7K2M-9QX4-T"), Nominal: ("person", "N-7K2M-9QX4-T")}


def find(
    model: type[Target], references: Iterable[str], *, by: Viewer, field: str
) -> list[Target]:
    """Return the records with these references, in their order and each once.

    Raises:
        UnknownReference: one of them is absent or hidden; the answer is the same.
    """
    wanted = list(dict.fromkeys(text.strip().upper() for text in references))
    rows = model.objects.visible_to(by).filter(reference__in=wanted)
    found: dict[str, Target] = {row.reference: row for row in rows}
    _refuse_unknown(model, [text for text in wanted if text not in found], field)
    return [found[text] for text in wanted]


def seen(
    model: type[Target], records: Sequence[Target], *, by: Viewer, field: str
) -> list[Target]:
    """Return these records as they stand now, in their order and each once.

    Raises:
        UnknownReference: ``by`` may not see one of them, or it is gone.
    """
    wanted = list(dict.fromkeys(record.pk for record in records))
    found: dict[int, Target] = remembered_many(
        model, wanted, model.objects.visible_to(by).in_bulk
    )
    unknown = [record.reference for record in records if record.pk not in found]
    _refuse_unknown(model, list(dict.fromkeys(unknown)), field)
    return [found[pk] for pk in wanted]


def check_stand(groups: Iterable[CrimeGroup], *, by: Viewer, field: str) -> None:
    """Raise where one of the groups was merged into another; a query only then.

    Raises:
        Refused: it was; the group that stands for it is named, if ``by`` may see it.
    """
    for group in groups:
        if group.merged_into_id is None:
            continue
        seen_by = CrimeGroup.objects.visible_to(by)
        survivor = seen_by.filter(pk=group.merged_into_id).first()
        raise Refused(
            field,
            f"Group {group.reference} was merged into another record.",
            f"Name group {survivor.reference} instead."
            if survivor
            else "Leave it out; its owner records what is new.",
        )


def check_unrestricted_people(people: Sequence[Nominal]) -> list[Nominal]:
    """Return these people; raise where one of their records may be read and no more.

    Raises:
        ProcessingRestricted: a report says something new of them.
    """
    check_unrestricted(*people, field="nominals")
    return list(people)


def _refuse_unknown(
    model: type[CrimeGroup] | type[Nominal], unknown: Sequence[str], field: str
) -> None:
    if unknown:
        name, example = _NAMES[model]
        raise UnknownReference(
            field,
            f"There is no {name} {', '.join(unknown)} that you may see.",
            f"Check the reference; it looks like {example}.",
        )


def check_claims(draft: ReportDraft) -> list[ClaimDraft]:
    """Return the claims, once their attributes and levels are known ones.

    Raises:
        UnknownAttribute: an attribute or level is not in the catalogue.
        Refused: two claims are about the same attribute of the same group.
    """
    known = _attributes() if draft.claims else frozenset()
    met = set()
    for claim in draft.claims:
        if claim.attribute not in known:
            raise UnknownAttribute(
                "claims",
                f"There is no attribute “{claim.attribute}”.",
                "Choose one from the list.",
            )
        if claim.level not in set(Level):
            raise UnknownAttribute(
                "claims",
                f"“{claim.level}” is not a level that a report can claim.",
                "Choose high, medium, low or nil; what is not known is not claimed.",
            )
        key = (claim.group.pk, claim.attribute)
        if key in met:
            raise Refused(
                "claims",
                f"Two claims are about “{claim.attribute}” of group "
                f"{claim.group.reference}.",
                "Keep one of them.",
            )
        met.add(key)
    return list(draft.claims)


def _attributes() -> frozenset[str]:
    return remembered(
        "attributes",
        lambda: frozenset(Attribute.objects.values_list("key", flat=True)),
    )


def write(
    report: Report, groups: Sequence[CrimeGroup], nominals: Sequence[Nominal]
) -> list[Mention]:
    """Write one mention for each record, labelled by the join of report and record."""
    joined = _Joined(report)
    rows = [
        Mention(
            report=report,
            owner_id=report.owner_id,
            access_class_id=joined.with_class(record.access_class_id),
            **{name: record},
        )
        for name, records in (("group", groups), ("nominal", nominals))
        for record in records
    ]
    return Mention.objects.bulk_create(rows)


def write_claims(
    report: Report, claims: Sequence[ClaimDraft], groups: Sequence[CrimeGroup]
) -> list[AttributeClaim]:
    """Write the claims, each labelled by the join of report and group."""
    joined = _Joined(report)
    fresh = {group.pk: group for group in groups}
    return AttributeClaim.objects.bulk_create(
        AttributeClaim(
            report=report,
            owner_id=report.owner_id,
            group=fresh[claim.group.pk],
            access_class_id=joined.with_class(fresh[claim.group.pk].access_class_id),
            attribute=claim.attribute,
            level=claim.level,
        )
        for claim in claims
    )


class _Joined:
    """The joins of one report's class with others, each asked of the database once."""

    def __init__(self, report: Report) -> None:
        self._own = report.access_class_id
        self._found: dict[int, int] = {}

    def with_class(self, class_id: int) -> int:
        if class_id not in self._found:
            self._found[class_id] = labels.join_of([self._own, class_id])
        return self._found[class_id]
