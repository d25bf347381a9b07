"""Every address of the site, what it is about, and who may open it.

`test_routes` walks the resolver: an address that is not in this table fails the run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.urls import URLPattern, URLResolver, get_resolver

GROUPS, PEOPLE, REPORTS, RETURNS = "groups", "nominals", "reports", "returns"
AWAITING, IDENTIFIERS = "awaiting", "identifiers"
IMPORTS = "imports"
MEMBERSHIPS, INVOLVEMENTS = "memberships", "involvements"
TRANSFERS = "transfers"
SEARCHES = "searches"
CHARTS = "charts"
# The id of a request that nobody made.
NOBODYS = "5c1f0a3e-9d1b-4f64-8d62-6a3f0d8f8a11"
DRAFTS = "drafts"


@dataclass(frozen=True, slots=True)
class Route:
    """One address.

    `about` is the collection that its id is from, `row` the part whose facts its second
    id is from. `get` and `post` are the answers to someone who may, about a record that
    they see, to an empty question; `needs` says who may. `is_open` is open to strangers,
    `for_all` to every account.
    """

    about: str = ""
    row: str = ""
    needs: str = "view"
    get: int = 200
    post: int = 405
    more: Mapping[str, str] = field(default_factory=dict)
    id_name: str = "public_id"
    is_open: bool = False
    for_all: bool = False


def page(post: int = 405, **more: object) -> Route:
    return Route(post=post, **more)  # type: ignore[arg-type]


def form(about: str, needs: str = "edit", **more: object) -> Route:
    """A page with a form: an empty one is shown again with what is wrong."""
    return Route(about, needs=needs, post=200, **more)  # type: ignore[arg-type]


def rest(about: str = "", get: int = 200, post: int = 405) -> Route:
    return Route(about, get=get, post=post, id_name="id")


def step(about: str = "", needs: str = "edit") -> Route:
    """A step of the API: an empty body is refused, once it is clear who asks."""
    return Route(about, needs=needs, get=405, post=400, id_name="id")


def _fact(part: str, about: str, prefix: str, get: int = 200) -> Route:
    needs = "edit" if get == 200 else "view"
    return Route(
        about,
        row=f"{prefix}/{part}",
        needs=needs,
        get=get,
        post=get,
        more={"kind": part},
    )


def _api_facts() -> dict[str, Route]:
    """Each step of the API on each kind of fact that it shows inside its record."""
    found = {}
    for about, prefix, name, parts in (
        (GROUPS, "groups", "group", API_GROUP_FACTS),
        (PEOPLE, "people", "nominal", API_PERSON_FACTS),
    ):
        for part in parts:
            for ending, post in (("", 405), ("-end", 400), ("-withdraw", 400)):
                found[f"api:{name}-fact{ending}/{part}"] = Route(
                    about,
                    row=f"{prefix}/{part}",
                    needs="edit",
                    get=405,
                    post=post,
                    more={"kind": part},
                    id_name="id",
                )
    return found


API_GROUP_FACTS = ("aliases", "threats", "identifiers", "activities")
API_PERSON_FACTS = ("aliases", "identifiers")


def _reviews() -> dict[str, Route]:
    """The records manager's lists, records and holds over the API."""
    found = {}
    for name, about in (
        ("group", GROUPS),
        ("nominal", PEOPLE),
        ("identifier", IDENTIFIERS),
        ("report", REPORTS),
    ):
        found[f"api:{name}-reviews-list"] = Route(needs="retain")
        found[f"api:{name}-reviews-detail"] = Route(about, needs="retain", id_name="id")
        found[f"api:{name}-reviews-hold"] = step(about, needs="retain")
    return found


def _watch(about: str, kind: str) -> Route:
    return Route(about, get=405, post=302, more={"kind": kind})


def _hold(about: str, kind: str) -> Route:
    return form(about, needs="retain", more={"kind": kind})


def _facts() -> dict[str, Route]:
    """Each step on each kind of fact; the pages of people in groups are their own."""
    found = {}
    for about, prefix, step_name, parts in (
        (GROUPS, "groups", "fact", GROUP_FACTS),
        (PEOPLE, "people", "person_fact", PERSON_FACTS),
    ):
        for part in parts:
            for step in ("end", "correct", "withdraw"):
                is_own = step == "correct" and part in ("members", "involvements")
                found[f"groups:{step}_{step_name}/{part}"] = _fact(
                    part, about, prefix, 404 if is_own else 200
                )
    return found


GROUP_FACTS = (
    "members",
    "involvements",
    "aliases",
    "threats",
    "identifiers",
    "activities",
    "links",
)
PERSON_FACTS = ("aliases", "identifiers", "links")


def _draft_sections() -> dict[str, Route]:
    """Each step of the task list of a draft."""
    return {
        f"intelligence:draft_section/{code}": Route(
            DRAFTS, needs="draft", post=200, more={"code": code}
        )
        for code in DRAFT_SECTIONS
    }


DRAFT_SECTIONS = ("identity", "members", "handling")


def _quality_lists() -> dict[str, Route]:
    return {
        f"scoring:quality_list/{gap}": page(more={"scope": "national", "gap": gap})
        for gap in QUALITY_GAPS
    }


# One of each sort of row; the crawler opens every list.
QUALITY_GAPS = (
    "no-lead-officer",
    "not-mentioned",
    "incomplete-people",
    "unfounded-identifiers",
)
SIGN_IN = Route(is_open=True, post=200)
# Where one name stands for several kinds of fact, each kind is a line of its own.
ROUTES: dict[str, Route] = {
    "health": Route(is_open=True, get=503),
    "status": Route(is_open=True),
    "account_login": Route(is_open=True, get=302, post=302),
    "account_logout": Route(is_open=True, post=302),
    "account_change_password": SIGN_IN,
    "account_reauthenticate": SIGN_IN,
    "mfa_index": Route(is_open=True),
    "mfa_authenticate": Route(is_open=True, get=302, post=302),
    "mfa_reauthenticate": Route(is_open=True, get=302, post=302),
    "mfa_activate_totp": Route(is_open=True, get=302, post=302),
    "mfa_deactivate_totp": Route(is_open=True, get=404, post=404),
    "mfa_view_recovery_codes": Route(is_open=True, get=404),
    "mfa_generate_recovery_codes": Route(is_open=True, get=302, post=302),
    "mfa_download_recovery_codes": Route(is_open=True, get=404, post=404),
    "accounts:resume": Route(is_open=True, get=405, post=403),
    "accounts:sign_in_again": Route(is_open=True, get=403, post=403),
    "groups:create": form("", needs="contribute"),
    "groups:detail": page(about=GROUPS),
    "groups:edit": form(GROUPS),
    "groups:change_state": form(GROUPS),
    "groups:people": page(about=GROUPS),
    "groups:activity": page(about=GROUPS),
    "groups:group_network": page(about=GROUPS),
    "groups:save_chart": form(GROUPS, needs="view"),
    "groups:group_picture": page(about=GROUPS, needs="export"),
    "groups:history": page(about=GROUPS),
    # Of the requests of others, and of none, nothing is there.
    **{
        name: Route(
            about, needs="contribute", get=404, post=404, more={"request_id": NOBODYS}
        )
        for name, about in (
            ("groups:undo", GROUPS),
            ("groups:undo_person", PEOPLE),
            ("groups:undo_bulk", ""),
        )
    },
    "groups:add_member": form(GROUPS),
    "groups:edit_member": form(GROUPS, row="groups/members"),
    "groups:add_involvement": form(GROUPS),
    "groups:edit_involvement": form(GROUPS, row="groups/involvements"),
    "groups:add_alias": form(GROUPS),
    "groups:add_threat": form(GROUPS),
    "groups:add_activity": form(GROUPS),
    "groups:add_identifier": form(GROUPS),
    "groups:add_group_link": form(GROUPS, needs="contribute"),
    **_facts(),
    "groups:transfer": form(GROUPS),
    "groups:transfers": page(),
    "groups:accept_transfer": form(GROUPS, "receive", row="groups/transfers"),
    "groups:decline_transfer": form(GROUPS, "receive", row="groups/transfers"),
    "groups:take_back_transfer": form(GROUPS, "take_back", row="groups/transfers"),
    "groups:people_list": page(),
    "groups:people_search": page(get=405, post=200),
    "groups:person_create": form("", needs="contribute"),
    "groups:person": page(about=PEOPLE),
    "groups:person_edit": form(PEOPLE),
    "groups:person_network": page(about=PEOPLE),
    "groups:save_person_chart": form(PEOPLE, needs="view"),
    "groups:person_picture": page(about=PEOPLE, needs="export"),
    "groups:charts": page(),
    "groups:chart": page(about=CHARTS, get=302),
    "groups:remove_chart": Route(CHARTS, needs="author", get=405, post=302),
    "groups:person_history": page(about=PEOPLE),
    "groups:person_alias": form(PEOPLE),
    "groups:person_identifier": form(PEOPLE),
    "groups:person_link": form(PEOPLE, needs="contribute"),
    "groups:identifier_lookup": page(post=200),
    "intelligence:reports": page(),
    "intelligence:search": page(get=405, post=302),
    "intelligence:new": form("", needs="contribute"),
    "intelligence:find/groups": page(
        get=405, post=200, needs="contribute", more={"what": "groups"}
    ),
    "intelligence:find/people": page(
        get=405, post=200, needs="contribute", more={"what": "people"}
    ),
    "intelligence:report": page(about=REPORTS),
    "intelligence:original": Route(REPORTS, needs="original"),
    "intelligence:withdraw": form(REPORTS),
    "intelligence:supersede": form(REPORTS),
    "intelligence:find_superseding/groups": Route(
        REPORTS, needs="edit", get=405, post=200, more={"what": "groups"}
    ),
    "intelligence:find_superseding/people": Route(
        REPORTS, needs="edit", get=405, post=200, more={"what": "people"}
    ),
    "intelligence:for_group": page(about=GROUPS),
    "intelligence:start_group": Route(needs="contribute", post=302),
    "intelligence:start_group_by_tasks": Route(needs="contribute", post=302),
    "intelligence:draft": Route(DRAFTS, needs="draft", post=200),
    "intelligence:draft_tasks": Route(DRAFTS, needs="draft"),
    **_draft_sections(),
    "intelligence:draft_check": Route(DRAFTS, needs="draft", post=200),
    "intelligence:keep_draft": Route(DRAFTS, needs="draft", get=405, post=200),
    "intelligence:keep_for_tasks": Route(DRAFTS, needs="draft", get=405, post=200),
    "intelligence:save_draft": Route(DRAFTS, needs="draft", get=405, post=409),
    "intelligence:look_for_draft": Route(DRAFTS, needs="draft", get=405, post=200),
    "intelligence:paste_members": Route(DRAFTS, needs="draft", get=405, post=200),
    "intelligence:discard_draft": Route(DRAFTS, needs="draft", post=302),
    "intelligence:assurance_queue": page(needs="assure"),
    "intelligence:assure": form(AWAITING, needs="assure"),
    "intelligence:assurance_rules": page(),
    "intelligence:new_assurance_rule": form("", needs="rule"),
    "intelligence:review_list": page(needs="retain"),
    "intelligence:clash_list": page(needs="retain"),
    "intelligence:hold/groups": _hold(GROUPS, "groups"),
    "intelligence:hold/people": _hold(PEOPLE, "people"),
    "intelligence:hold/identifiers": _hold(IDENTIFIERS, "identifiers"),
    "intelligence:hold/reports": _hold(REPORTS, "reports"),
    "intelligence:returns": page(),
    "intelligence:new_return": form("", needs="contribute"),
    "intelligence:receive": Route(RETURNS, needs="edit", get=405, post=302),
    "intelligence:receive_nil": Route(RETURNS, needs="edit", get=405, post=302),
    "intelligence:imports": Route(needs="contribute"),
    "intelligence:new_import": form("", needs="contribute"),
    "intelligence:import_template/csv": Route(needs="contribute", more={"kind": "csv"}),
    "intelligence:import_template/xlsx": Route(
        needs="contribute", more={"kind": "xlsx"}
    ),
    "intelligence:import": Route(IMPORTS, needs="edit"),
    "intelligence:import_fragment": Route(IMPORTS, needs="edit"),
    "intelligence:import_problems": Route(IMPORTS, needs="edit"),
    "intelligence:import_refused": Route(IMPORTS, needs="edit"),
    "intelligence:import_confirm": Route(IMPORTS, needs="edit", get=405, post=302),
    "intelligence:import_carry_on": Route(IMPORTS, needs="edit", get=405, post=302),
    "intelligence:import_discard": Route(IMPORTS, needs="edit", get=405, post=302),
    "accounts:shortcuts": page(post=200, for_all=True),
    "scoring:my_work": page(for_all=True),
    "scoring:search_all": page(post=200),
    "scoring:paste": page(post=200),
    "scoring:paste_file": page(needs="export", get=400),
    "scoring:searches": page(),
    "scoring:save_search": form("", needs="view"),
    "scoring:choose_search": page(get=302),
    "scoring:run_search": Route(SEARCHES, get=302),
    "scoring:remove_search": Route(SEARCHES, needs="author", get=405, post=302),
    "scoring:columns/groups": page(get=405, post=302, more={"code": "groups"}),
    "scoring:columns/people": page(get=405, post=302, more={"code": "people"}),
    "scoring:columns/reports": page(get=405, post=302, more={"code": "reports"}),
    "scoring:watching": page(),
    "scoring:watch/groups": _watch(GROUPS, "groups"),
    "scoring:watch/people": _watch(PEOPLE, "people"),
    "scoring:watch/searches": _watch(SEARCHES, "searches"),
    "scoring:unwatch/groups": _watch(GROUPS, "groups"),
    "scoring:unwatch/people": _watch(PEOPLE, "people"),
    "scoring:unwatch/searches": _watch(SEARCHES, "searches"),
    "scoring:notices": page(),
    "scoring:notices_count": page(),
    "scoring:notices_read": page(get=405, post=400),
    "scoring:digest": page(post=200, for_all=True),
    "scoring:groups": page(),
    "scoring:group_map": page(),
    "scoring:search": page(get=405, post=302),
    "scoring:bulk": page(needs="contribute"),
    "scoring:bulk_preview": page(get=405, post=200, needs="contribute"),
    "scoring:bulk_apply": page(get=405, post=200, needs="contribute"),
    "scoring:score": page(about=GROUPS),
    "scoring:profile": form(GROUPS, needs="export"),
    "scoring:timeline": page(about=GROUPS),
    "scoring:person_timeline": page(about=PEOPLE),
    "scoring:past_score": page(about=GROUPS),
    "scoring:judge": form(GROUPS, more={"attribute": "expertise"}),
    "scoring:confirm_band": form(GROUPS, needs="confirm"),
    "scoring:dashboard/national": page(more={"scope": "national"}),
    "scoring:dashboard/region": page(more={"scope": "region:nerocu"}),
    "scoring:dashboard/force": page(more={"scope": "force:durham"}),
    "scoring:quality/national": page(more={"scope": "national"}),
    "scoring:quality/region": page(more={"scope": "region:nerocu"}),
    "scoring:quality/force": page(more={"scope": "force:durham"}),
    **_quality_lists(),
    "scoring:newer": page(more={"scope": "force:northumbria"}),
    "scoring:newer_groups": page(),
    "scoring:movement/national": page(more={"scope": "national"}),
    "scoring:movement/region": page(more={"scope": "region:nerocu"}),
    "scoring:movement/force": page(more={"scope": "force:durham"}),
    "scoring:compare": page(more={"scope": "region:nerocu"}),
    "scoring:involvements": page(more={"scope": "region:nerocu"}),
    "scoring:members": page(more={"scope": "region:nerocu"}),
    "scoring:queue": page(more={"scope": "region:nerocu"}),
    "scoring:group_links/national": page(more={"scope": "national"}),
    "scoring:group_links/region": page(more={"scope": "region:nerocu"}),
    "scoring:group_links/force": page(more={"scope": "force:durham"}),
    "scoring:receipts": page(),
    "scoring:receipt": Route(REPORTS, needs="mine"),
    "scoring:receipt_fragment": Route(REPORTS, needs="mine"),
    "api:root": rest(),
    "api:schema": Route(for_all=True),
    "api:nowhere": Route(get=404, post=404, more={"rest": "nothing/"}),
    "api:identifier-search": rest(get=405, post=400),
    "api:codes": rest(),
    "api:picture": rest(),
    "api:picture-movement": rest(),
    "api:schemes": rest(),
    "api:report-receipt": Route(REPORTS, needs="mine", id_name="id"),
    "api:organisations-list": rest(),
    "api:organisations-detail": Route(more={"code": "durham"}),
    **_api_facts(),
    **_reviews(),
    "api:groups-state": step(GROUPS),
    "api:groups-transfers": step(GROUPS),
    "api:groups-bulk": step(needs="contribute"),
    "api:memberships-end": step(MEMBERSHIPS),
    "api:memberships-withdraw": step(MEMBERSHIPS),
    "api:involvements-end": step(INVOLVEMENTS),
    "api:involvements-withdraw": step(INVOLVEMENTS),
    "api:transfers-list": rest(),
    "api:transfers-detail": rest(TRANSFERS),
    "api:transfers-decide": step(TRANSFERS, needs="contribute"),
    "api:reports-withdraw": step(REPORTS),
    "api:reports-assure": step(AWAITING, needs="assure"),
    "api:nominals-list": rest(),
    "api:nominals-search": rest(get=405, post=400),
    "api:nominals-detail": rest(PEOPLE),
    "api:memberships-list": rest(),
    "api:memberships-detail": rest(MEMBERSHIPS),
    "api:involvements-list": rest(),
    "api:involvements-detail": rest(INVOLVEMENTS),
    "api:returns-list": rest(),
    "api:returns-detail": rest(RETURNS),
    "api:judgements-list": rest(),
    "api:searches-list": rest(),
    "api:searches-detail": rest(SEARCHES),
    "api:band-decisions-list": rest(),
    "api:watches-list": rest(post=400),
    "api:watches-detail": Route(GROUPS, get=405, id_name="id"),
    "api:notices": rest(),
    "api:reports-list": rest(post=400),
    "api:reports-detail": rest(REPORTS),
    "api:groups-list": rest(),
    "api:groups-search": rest(get=405, post=400),
    "api:groups-detail": rest(GROUPS),
    "api:groups-assessments": rest(GROUPS),
    "api:assessments-list": rest(),
    "api:receipts-list": rest(),
}


def names() -> Iterator[tuple[str, str]]:
    """Yield name and pattern of every address that the resolver knows."""
    yield from _walk(get_resolver().url_patterns, (), "")


def _walk(
    patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...], before: str
) -> Iterator[tuple[str, str]]:
    for one in patterns:
        text = before + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = (*spaces, one.namespace) if one.namespace else spaces
            yield from _walk(one.url_patterns, inner, text)
        else:
            yield ":".join([*spaces, one.name or "(no name)"]), text
