"""The shapes in which the demonstration's records are written down; no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

# The sixteen attributes of OCGM-16, local configuration.
VIOLENCE: Final = "violent_criminal_activity"
DRUGS: Final = "drug_activity"
FRAUD: Final = "fraud_and_financial_crime"
THEFT: Final = "organised_theft"
COMMODITY: Final = "commodity_importation_counterfeiting_or_illegal_supply"
SEXUAL: Final = "sexual_offences"
IMMIGRATION: Final = "organised_immigration_crime"
ENVIRONMENT: Final = "environmental_crime"
CASH: Final = "cash_flow_financial_worth"
ENTERPRISES: Final = "multiple_enterprises"
LINKS: Final = "links_to_other_ocgs"
REACH: Final = "geographical_scope"
COHESION: Final = "cohesion"
INFILTRATION: Final = "infiltration"
EXPERTISE: Final = "expertise"
AWARENESS: Final = "tactical_awareness"
# Some that only Sleipnir asks for.
CORRUPTION: Final = "corruption"
FORCEFUL: Final = "violence"
DISCIPLINE: Final = "discipline"
INSULATION: Final = "insulation"
MOBILITY: Final = "mobility"
STABILITY: Final = "stability"

HIGH: Final = "high"
MEDIUM: Final = "medium"
LOW: Final = "low"
NIL: Final = "nil"

STANDINGS: Final = frozenset({"principal", "significant", "peripheral", "unknown"})


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in a group: a member of a standing, or involved in another way.

    `part` is a standing or a kind of involvement. `born` is a year, a year and month, or
    a day. Without a surname the given text is a designation.
    """

    given: str
    surname: str
    part: str
    born: str = ""
    phone: str = ""
    vehicle: str = ""
    nickname: str = ""
    gender: str = "unknown"
    why: str = ""

    @property
    def key(self) -> str:
        """Return the name by which plans speak of this person."""
        return (self.surname or self.given).lower()


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount from `low` to `high`, in a unit of the reference files."""

    commodity: str
    low: str
    high: str
    unit: str


@dataclass(frozen=True, slots=True)
class Doing:
    """One activity: what, how, where (role and force code or outcode) and how much."""

    threat: str
    modus: str
    offence: str = ""
    places: tuple[tuple[str, str], ...] = ()
    quantities: tuple[Quantity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPlan:
    """One group with all that stands on its pages, and who records it.

    `review` is the day of review counted from the day of the seed, negative when it is
    overdue. `since` is how many days ago it began, as far as is known. `grounds` is the
    rationale of facts that have no reason of their own. `sent_by` submits it, the author
    unless it is said: nobody maps what they submitted.
    """

    key: str
    owner: str
    author: str
    name: str
    summary: str
    threat: str = ""
    grounds: str = "From the reports on this group; see its intelligence page."
    operation: str = ""
    other_threats: tuple[str, ...] = ()
    tier: str = "force"
    kind: str = "crime_group"
    state: str = "mapped"
    sent_by: str = ""
    mapped_by: str = ""
    returned_for: str = ""
    activity_status: str = "active"
    s45: str = "yes"
    soc: str = "yes"
    lead: str = ""
    sharing: str = "force"
    sharing_reason: str = ""
    compartment: str = ""
    review: int | None = 90
    since: int | None = None
    people: tuple[Person, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    doings: tuple[Doing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPlan:
    """A link between two people or two groups, by their keys."""

    a: str
    b: str
    kind: str
    author: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPlan:
    """One report: `grade` is source, assessment and handling in one, as in "2CP".

    `days` is how long ago it was received, `event` how long ago it happened. Claims are
    about the first group. `reference` stands in place of an own one made of the key.
    `recipients` is the condition of handling C. A 5x5x5 `legacy`
    grade stands in place of `grade`.
    """

    key: str
    author: str
    text: str
    days: int
    grade: str = ""
    groups: tuple[str, ...] = ()
    claims: Mapping[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    event: int | None = None
    sharing: str = "force"
    sharing_reason: str = ""
    compartment: str = ""
    recipients: str = ""
    note: str = ""
    original: str = ""
    legacy: str = ""
    legacy_choice: str = ""
    withdrawn: str = ""
    supersedes: str = ""
    because: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingPlan:
    """An assurer's decision on a report; `grade` is source and assessment in one."""

    report: str
    author: str
    outcome: str
    reason: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementPlan:
    """What a person decides on some attributes of a group, with one rationale."""

    group: str
    author: str
    levels: Mapping[str, str]
    rationale: str
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BandPlan:
    """A person's confirmation of a group's band; empty takes over the computed one."""

    group: str
    author: str
    reason: str
    band: str = ""
    expires: int | None = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePlan:
    """A challenge, an assumption or an alternative on a group; `review` is days ahead."""

    kind: str
    group: str
    author: str
    text: str
    cites: tuple[str, ...] = ()
    against: str = ""
    would_change: str = ""
    review: int = 0
    likelihood: str = ""
    percent: str = ""
    answered_by: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPlan:
    """A question on an attribute of a group, asked of an organisation for some days."""

    group: str
    author: str
    attribute: str
    asked_of: str
    question: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPlan:
    """One force's return of the month that ended `months_ago` months ago.

    `due` is the day counted from the seed; `came` says how it came: received, nil or,
    empty, not yet.
    """

    owner: str
    author: str
    months_ago: int
    due: int
    came: str = ""
