"""What an address of the leak tests is: whose it is, what it needs, how it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

GROUPS, PEOPLE, REPORTS, RETURNS = "groups", "nominals", "reports", "returns"
AWAITING, IDENTIFIERS, SUBMITTED = "awaiting", "identifiers", "submitted"
IMPORTS, MERGED = "imports", "merged"
MEMBERSHIPS, INVOLVEMENTS = "memberships", "involvements"
TRANSFERS = "transfers"
NOTES, REQUIREMENTS = "notes", "requirements"
DRAWN = "second_scorings"
WHAT_IFS = "what_ifs"
SEARCHES = "searches"
CHARTS = "charts"
EXPORTS = "exports"
CHANGES = "sharing_changes"
CERTIFICATES = "certificates"
COMPARTMENTS, SIGHTS, SIGHT_MATCHES = "compartments", "sights", "sight_matches"
SUBJECTS, RESTRICTED = "subjects", "restricted"
NOTICES, POSTS = "notices", "posts"
# The id of a request that nobody made.
NOBODYS = "5c1f0a3e-9d1b-4f64-8d62-6a3f0d8f8a11"
DRAFTS, REPORT_DRAFTS, PERSON_DRAFTS = "drafts", "report_drafts", "person_drafts"


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


def fact_route(part: str, about: str, prefix: str, get: int = 200) -> Route:
    needs = "edit" if get == 200 else "view"
    return Route(
        about,
        row=f"{prefix}/{part}",
        needs=needs,
        get=get,
        post=get,
        more={"kind": part},
    )


def api_facts() -> dict[str, Route]:
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


def reviews() -> dict[str, Route]:
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


def watch_route(about: str, kind: str) -> Route:
    return Route(about, get=405, post=302, more={"kind": kind})


def hold_route(about: str, kind: str) -> Route:
    return form(about, needs="retain", more={"kind": kind})


def readers_route(about: str, kind: str) -> Route:
    return Route(about, needs="readers", more={"kind": kind})


def sharing_routes() -> dict[str, Route]:
    """Who may see a record of each kind, and the steps that change it."""
    found: dict[str, Route] = {"intelligence:sharing_waiting": page()}
    for kind, about in (
        ("groups", GROUPS),
        ("people", PEOPLE),
        ("identifiers", IDENTIFIERS),
        ("reports", REPORTS),
    ):
        more = {"kind": kind}
        found[f"intelligence:sharing/{kind}"] = page(about=about, more=more)
        found[f"intelligence:change_sharing/{kind}"] = form(about, more=more)
        found[f"intelligence:send_up/{kind}"] = form(about, more=more)
    row, more = "sharing/groups", {"kind": "groups"}
    for step_name, needs in (
        ("approve", "second_person"),
        ("decline", "second_person"),
        ("take_back", "edit"),
    ):
        found[f"intelligence:{step_name}_sharing"] = form(
            GROUPS, needs, row=row, more=more
        )
    return {
        **found,
        "api:sharing-changes-list": rest(post=400),
        "api:sharing-changes-detail": rest(CHANGES),
        "api:sharing-changes-decide": step(CHANGES, needs="contribute"),
        "intelligence:sight_requests": page(),
        "intelligence:ask_sight": form("", needs="view"),
        "intelligence:sight": page(about=SIGHTS),
        "intelligence:sight_to_decide": page(needs="approve"),
        "intelligence:grant_sight": form(SIGHT_MATCHES, "second_person"),
        "intelligence:decline_sight": form(SIGHT_MATCHES, "second_person"),
        "groups:compartments": page(),
        "groups:compartment": page(about=COMPARTMENTS, needs="holder"),
        "groups:propose_membership": form(COMPARTMENTS, "holder"),
        "groups:register_subject": form(COMPARTMENTS, "holder"),
        **{
            f"groups:{name}_membership": form(
                COMPARTMENTS, "holder", row="compartments/members"
            )
            for name in ("approve", "decline")
        },
    }


def retention_routes() -> dict[str, Route]:
    """How long a record of each kind is kept, and the steps that decide it."""
    found = {
        "intelligence:disposals": page(needs="reviewer"),
        "intelligence:certificate": page(about=CERTIFICATES, needs="reviewer"),
    }
    for kind, about in (
        ("groups", GROUPS),
        ("people", PEOPLE),
        ("identifiers", IDENTIFIERS),
        ("reports", REPORTS),
    ):
        more = {"kind": kind}
        found[f"intelligence:retention/{kind}"] = page(
            about=about, needs="reviewer", more=more
        )
        for name in ("keep", "propose_disposal"):
            found[f"intelligence:{name}/{kind}"] = form(about, "retain", more=more)
    row, more = "retention/people", {"kind": "people"}
    for name in ("approve", "decline"):
        found[f"intelligence:{name}_disposal"] = form(
            PEOPLE, "reviewer", row=row, more=more
        )
    return found


def subject_routes() -> dict[str, Route]:
    """What people ask about their data, restrictions, and notices of correction."""
    row = "subjects/findings"
    return {
        "intelligence:subjects": page(needs="answers"),
        "intelligence:register_subject": form("", "answers"),
        "intelligence:subject": page(about=SUBJECTS, needs="answers"),
        "intelligence:subject_summary": page(about=SUBJECTS, needs="answers"),
        **{
            f"intelligence:{name}": form(SUBJECTS, "answers")
            for name in (
                "find_subject",
                "subject_identity",
                "extend_subject",
                "answer_subject",
                "refuse_subject",
                "withdraw_subject",
            )
        },
        "intelligence:decide_finding": form(SUBJECTS, "answers", row=row),
        "intelligence:refuse_finding": form(SUBJECTS, "answers", row=row),
        "intelligence:restriction": page(about=PEOPLE, needs="answers"),
        "intelligence:restrict_person": form(PEOPLE, "answers"),
        "intelligence:lift_restriction": form(RESTRICTED, "answers"),
        "intelligence:corrections": page(),
        "intelligence:corrections_sent": page(needs="answers"),
        "intelligence:acknowledge_correction": form(NOTICES, "view"),
        "intelligence:post_correction": form(POSTS, "answers"),
    }


def facts() -> dict[str, Route]:
    """Each step on each kind of fact; the pages of people in groups are their own."""
    found = {}
    for about, prefix, step_name, parts in (
        (GROUPS, "groups", "fact", GROUP_FACTS),
        (PEOPLE, "people", "person_fact", PERSON_FACTS),
    ):
        for part in parts:
            for step in ("end", "correct", "withdraw"):
                is_own = step == "correct" and part in ("members", "involvements")
                found[f"groups:{step}_{step_name}/{part}"] = fact_route(
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


def draft_sections() -> dict[str, Route]:
    """Each step of the task list of a draft."""
    return {
        f"intelligence:draft_section/{code}": Route(
            DRAFTS, needs="draft", post=200, more={"code": code}
        )
        for code in DRAFT_SECTIONS
    }


def drafts_of_forms() -> dict[str, Route]:
    """What is begun of a group, a report or a person, and the forms that keep it."""
    found = {}
    for kind, about in (
        ("group", DRAFTS),
        ("report", REPORT_DRAFTS),
        ("person", PERSON_DRAFTS),
    ):
        more = {"kind": kind}
        found[f"groups:discard_draft/{kind}"] = Route(
            about, needs="draft", post=302, more=more
        )
        if about != DRAFTS:
            found[f"groups:save_draft/{kind}"] = Route(
                needs="contribute", get=405, post=400, more=more
            )
    return {
        **found,
        "intelligence:report_draft": Route(REPORT_DRAFTS, needs="draft"),
        "groups:person_draft": Route(PERSON_DRAFTS, needs="draft"),
        "intelligence:keep_report": Route(needs="contribute", get=405, post=200),
        "groups:keep_person": Route(needs="contribute", get=405, post=200),
    }


DRAFT_SECTIONS = ("identity", "members", "handling")


def quality_lists() -> dict[str, Route]:
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
