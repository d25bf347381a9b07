"""The invented register of returns: received, nil, late and not yet in."""

from typing import Final

from scoring.demonstration.plans import ReturnPlan

_LEAD: Final = "lead.nerocu"
_YORKSHIRE: Final = "lead.yhrocu"

RETURNS: Final = (
    ReturnPlan(
        owner="durham", author="analyst.durham", months_ago=2, due=-20, came="received"
    ),
    ReturnPlan(
        owner="durham", author="analyst.durham", months_ago=1, due=7, came="received"
    ),
    ReturnPlan(
        owner="northumbria",
        author="analyst.northumbria",
        months_ago=1,
        due=7,
        came="received",
    ),
    ReturnPlan(owner="cleveland", author=_LEAD, months_ago=2, due=-20),
    ReturnPlan(owner="cleveland", author=_LEAD, months_ago=1, due=7),
    ReturnPlan(
        owner="west-yorkshire",
        author="analyst.west-yorkshire",
        months_ago=1,
        due=7,
        came="received",
    ),
    ReturnPlan(
        owner="north-yorkshire", author=_YORKSHIRE, months_ago=1, due=7, came="nil"
    ),
    ReturnPlan(owner="humberside", author=_YORKSHIRE, months_ago=1, due=-3),
    ReturnPlan(owner="south-yorkshire", author=_YORKSHIRE, months_ago=1, due=7),
    ReturnPlan(
        owner="police-scotland",
        author="supervisor.police-scotland",
        months_ago=1,
        due=7,
        came="received",
    ),
    ReturnPlan(owner="btp", author="supervisor.btp", months_ago=1, due=7, came="nil"),
    ReturnPlan(
        owner="metropolitan",
        author="supervisor.metropolitan",
        months_ago=1,
        due=-5,
        came="received",
    ),
)
