"""How an invented report is worded and written: its row, original, mentions, claims."""

import datetime
import hashlib
from dataclasses import dataclass, field
from typing import Final

from scoring.demonstration.nation.planning import labels, phrases
from scoring.demonstration.nation.planning.grading import Graded
from scoring.demonstration.nation.planning.register import came_in
from scoring.demonstration.nation.planning.tables import (
    CLAIM,
    MENTION,
    ORIGINAL,
    REPORT,
)
from scoring.demonstration.nation.planning.work import (
    Claimed,
    Group,
    Person,
    Reported,
    Work,
    analyst,
)

_WITH_ORIGINAL: Final = 0.03
_IN_RETURN: Final = 0.7
_DATED: Final = 0.6
_TWO_GROUPS: Final = 0.06
_DAYS: Final = tuple(datetime.timedelta(days=days) for days in range(4))


@dataclass(slots=True)
class Draft:
    """A report as it will be written; `label` is who may read it."""

    owner: str
    label: str
    received: datetime.date
    graded: Graded
    text: str = ""
    state: str = "submitted"
    claims: dict[str, str] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    supersedes: int | None = None

    @property
    def recorded(self) -> datetime.date:
        """Return the day on which it was entered, soon after it came in."""
        return self.received + _DAYS[len(self.text) % 4]


def text_of(work: Work, group: Group, draft: Draft) -> str:
    """Return the sanitised text: a sentence for each of the first two claims."""
    chance = work.chance
    who = draft.people[0].shown if draft.people else "A member of the group"
    if labels.SAFEGUARDING in labels.codes(draft.label):
        sentences = [chance.choice(phrases.OF_VICTIM)]
    elif draft.claims:
        keys = list(draft.claims)[:2]
        sentences = [chance.choice(phrases.OF_ATTRIBUTE[key]) for key in keys]
        levels = list(draft.claims.values())[:2]
        sentences = [
            sentence if level != "nil" else _none_of(key)
            for key, level, sentence in zip(keys, levels, sentences, strict=True)
        ]
    else:
        sentences = [chance.choice(phrases.GENERAL)]
    text = " ".join(sentences).format(who=who, where=work.where(group))
    return text + chance.choice(phrases.CLOSINGS)


def _none_of(attribute: str) -> str:
    words = attribute.replace("_", " ")
    return f"Asked for signs of {words}, the source has seen none."


def write_report(work: Work, group: Group, draft: Draft) -> int:
    """Add the report with its parts; return the place of its row."""
    place = _write_row(work, draft)
    report = Reported(
        place,
        draft.label,
        draft.received,
        draft.graded.source,
        draft.graded.assessment,
        draft.state == "submitted",
    )
    group.reports.append(report)
    day = draft.recorded
    if draft.owner == group.owner and work.chance.hits(_WITH_ORIGINAL):
        _seal(work, draft, place)
    _mention(work, draft, report, group)
    for person in draft.people:
        label = labels.join(draft.label, person.label)
        work.rows.add(
            MENTION, (*work.base(draft.owner, label, day), place, None, person.place)
        )
    if draft.owner == group.owner and work.chance.hits(_TWO_GROUPS):
        for other in work.groups:
            if other is not group and other.owner == group.owner:
                _mention(work, draft, report, other)
                break
    _claim(work, draft, report, group)
    return place


def _write_row(work: Work, draft: Draft) -> int:
    chance = work.chance
    number = len(work.rows.tables[REPORT])
    first = last = None
    precision = "unknown"
    if chance.hits(_DATED):
        first = last = draft.received - datetime.timedelta(days=chance.randint(0, 28))
        precision = "day"
        if chance.hits(0.15):
            first, precision = first.replace(day=1), "month"
    entry = None
    if chance.hits(_IN_RETURN):
        entry = came_in(work.seed, work.day, draft.owner, draft.received)
    reason = ""
    if draft.state == "withdrawn":
        reason = chance.choice(phrases.WITHDRAWN)
    elif draft.state == "superseded":
        reason = phrases.SUPERSEDED
    author = analyst(draft.owner)
    graded = draft.graded
    return work.rows.add(
        REPORT,
        (
            *work.base(draft.owner, draft.label, draft.recorded, author),
            *work.top("R"),
            f"{draft.owner[:12].upper()}/IR/{work.number:05}-{number:05}",
            entry,
            draft.text,
            first,
            last,
            precision,
            draft.received,
            graded.source,
            graded.assessment,
            graded.handling,
            graded.condition,
            graded.legacy,
            author if graded.legacy else None,
            draft.state,
            reason,
            draft.supersedes,
            "",
            "",
            "",
        ),
    )


def _seal(work: Work, draft: Draft, place: int) -> None:
    text = f"As received on {draft.received.isoformat()}: {draft.text}"
    label = labels.join(draft.label, labels.own(draft.owner))
    work.rows.add(
        ORIGINAL,
        (
            *work.base(draft.owner, label, draft.recorded),
            place,
            text,
            hashlib.sha256(text.encode()).hexdigest(),
        ),
    )


def _mention(work: Work, draft: Draft, report: Reported, group: Group) -> None:
    label = labels.join(draft.label, group.label)
    work.rows.add(
        MENTION,
        (
            *work.base(draft.owner, label, draft.recorded),
            report.place,
            group.place,
            None,
        ),
    )


def _claim(work: Work, draft: Draft, report: Reported, group: Group) -> None:
    label = labels.join(draft.label, group.label)
    for attribute, level in draft.claims.items():
        work.rows.add(
            CLAIM,
            (
                *work.base(draft.owner, label, draft.recorded),
                report.place,
                group.place,
                attribute,
                level,
            ),
        )
        group.claims.append(Claimed(report, label, attribute, level))
