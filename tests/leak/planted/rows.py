"""Leaks of rows: a page, a list, a file or a choice shows what its reader may not see."""

from functools import partial

from tests.leak.planted import Plant
from tests.leak.planted.kit import page_unlocked, policy_opened, unlocked

PLANTS = [
    Plant(
        "a group's page shows its hidden links",
        "hidden relation between visible ends",
        ("groups:detail",),
        partial(unlocked, "groups.views.reading._links"),
    ),
    Plant(
        "the history of a group tells its hidden former states",
        "history names a hidden thing",
        ("groups:history",),
        partial(unlocked, "groups.views.history.history_of"),
    ),
    Plant(
        "a list offers the saved searches of everyone",
        "options list hidden values",
        ("scoring:groups", "intelligence:reports", "groups:people_list"),
        partial(page_unlocked, r"^/groups/$"),
    ),
    Plant(
        "the picture of a network holds hidden nodes",
        "export ignores the cap",
        ("groups:group_picture",),
        partial(unlocked, "groups.views.network_file.page_of"),
    ),
    Plant(
        "a printed profile holds hidden reports",
        "export ignores the cap",
        ("scoring:profile",),
        partial(unlocked, "scoring.views.profile_parts._intelligence"),
    ),
    Plant(
        "the list of imports shows those of others",
        "files of others are listed",
        ("intelligence:imports",),
        partial(page_unlocked, r"^/returns/imports/$"),
    ),
    Plant(
        "a form takes the reference of a hidden person",
        "related choices",
        ("groups:add_member",),
        partial(unlocked, "groups.forms.fields.ReferenceField.clean"),
    ),
    Plant(
        "the API lists the groups of a hidden person",
        "filter across a relation as an oracle",
        ("api:groups-list",),
        partial(page_unlocked, r"^/api/v1/groups/$"),
    ),
    Plant(
        "a report's own reference is refused where a hidden one bears it",
        "unique name as an oracle",
        ("intelligence:new",),
        partial(unlocked, "intelligence.actions.checks.bearers"),
    ),
    Plant(
        "finding a group for a report finds hidden ones",
        "autocomplete",
        ("intelligence:find/groups",),
        partial(page_unlocked, r"^/reports/new/find/groups/$"),
    ),
    Plant(
        "a search shows pieces of hidden reports",
        "search snippets",
        ("scoring:search_all",),
        partial(page_unlocked, r"^/search/$"),
    ),
    Plant(
        "groups that may be the same are looked for among hidden ones",
        "suggestions",
        ("groups:merge",),
        partial(unlocked, "groups.views.merging.groups_like"),
    ),
    Plant(
        "notices tell of hidden reports",
        "notices",
        ("scoring:notices", "scoring:notices_count", "api:notices"),
        partial(unlocked, "scoring.notices.reading.told_of"),
    ),
    Plant(
        "the timeline of a group holds hidden entries",
        "history names a hidden thing",
        ("scoring:timeline",),
        partial(unlocked, "scoring.views.timeline.entries_of"),
    ),
    Plant(
        "the policy of reports lets everyone read",
        "the second lock is open",
        ("intelligence:report", "api:reports-list", "api:reports-detail"),
        partial(policy_opened, "intelligence_report"),
    ),
]
