"""Invented links between groups and between people."""

from typing import Final

from scoring.demonstration.plans import LinkPlan

_DURHAM: Final = "supervisor.durham"
_LEAD: Final = "lead.nerocu"
_SCOTLAND: Final = "supervisor.police-scotland"
_NATION: Final = "nca.supervisor"

GROUP_LINKS: Final = (
    LinkPlan(
        a="vesper",
        b="larkspur",
        kind="supply",
        author=_LEAD,
        why="Vesper sells to Larkspur on a week's credit.",
    ),
    LinkPlan(
        a="vesper",
        b="harbourlight",
        kind="supply",
        author=_LEAD,
        why="One member of Harbourlight collects.",
    ),
    LinkPlan(
        a="larkspur",
        b="harbourlight",
        kind="conflict",
        author=_LEAD,
        why="A debt was sold; a stabbing and four shootings followed.",
    ),
    LinkPlan(
        a="meridian",
        b="vesper",
        kind="cooperation",
        author=_LEAD,
        why="Handsets and warehouse space.",
    ),
    LinkPlan(
        a="vesper",
        b="corrieview",
        kind="supply",
        author=_SCOTLAND,
        why="Collections south of the border.",
    ),
    LinkPlan(
        a="obelisk",
        b="cinnabar",
        kind="cooperation",
        author=_NATION,
        why="Settles through Cinnabar.",
    ),
)

PERSON_LINKS: Final = (
    LinkPlan(
        a="stannerby",
        b="quillfeather",
        kind="co_offending",
        author=_DURHAM,
        why="Both answered the line.",
    ),
    LinkPlan(
        a="stannerby",
        b="harrowick",
        kind="associate",
        author=_DURHAM,
        why="Seen together on most nights.",
    ),
    LinkPlan(
        a="ashbracken",
        b="crickmoor",
        kind="financial",
        author=_LEAD,
        why="CRICKMOOR rents what ASHBRACKEN pays for.",
    ),
    LinkPlan(
        a="ashbracken",
        b="bellwether-noon",
        kind="family",
        author=_LEAD,
        why="Cousins, by the register of a company.",
    ),
    LinkPlan(
        a="dappleton",
        b="stannerby",
        kind="communication",
        author=_LEAD,
        why="Calls before each delivery.",
    ),
    LinkPlan(
        a="jackdale",
        b="knapthorn",
        kind="co_offending",
        author=_LEAD,
        why="Charged together before.",
    ),
)
