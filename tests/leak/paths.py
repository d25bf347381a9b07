"""Every address that a reader may open, made out of the table of addresses."""

from collections.abc import Iterable, Iterator

from django.urls import reverse

from tests.leak.knowledge import Knowledge
from tests.leak.routes import ROUTES, Route
from tests.world import Manifest

# What is of the account and the site, and shows no record.
APART = (
    "account_",
    "mfa_",
    "accounts:",
    "health",
    "status",
    "api:schema",
    "intelligence:import_template",
)
# Asked besides: counts, short pages with cursors, other orders, filters.
QUERIES = {
    "api:groups-list": ("?count=true", "?page_size=1", "?ordering=created"),
    "api:reports-list": ("?count=true", "?page_size=1"),
    "api:nominals-list": ("?count=true", "?page_size=1"),
    "api:memberships-list": ("?count=true",),
    "api:involvements-list": ("?count=true",),
    "scoring:requirements": ("?standing=open",),
    "scoring:score": ("?source=1&assessment=AB&months=12&reports=2",),
    "scoring:timeline": ("?what=happened", "?what=done"),
}


def path_of(name: str, route: Route, ids: tuple[str, ...]) -> str:
    """Return the path of an address about these ids."""
    arguments = dict(route.more)
    if route.about:
        arguments[route.id_name] = ids[0]
    if route.row:
        arguments["row_id"] = ids[1]
    return reverse(name.partition("/")[0], kwargs=arguments)


def visible_ids(
    knowledge: Knowledge, manifest: Manifest, who: str, route: Route
) -> Iterator[tuple[str, ...]]:
    """Yield the ids of all that an address is about and ``who`` may see."""
    if not route.about:
        yield ()
    elif route.row:
        for row, parent in manifest.rows.get(route.row, ()):
            if knowledge.sees(who, parent) and knowledge.sees(who, row):
                yield parent, row
    else:
        for one in getattr(manifest, route.about).values():
            if knowledge.sees(who, one):
                yield (one,)


def readable(
    knowledge: Knowledge,
    manifest: Manifest,
    who: str,
    names: Iterable[str] = ROUTES,
    most: int = 0,
) -> Iterator[str]:
    """Yield every path that ``who`` may read; ``most`` records of each kind, 0 for all.

    What a form says to an empty body is read too, as `POST ` and its path.
    """
    for name in names:
        route = ROUTES[name]
        if name.startswith(APART):
            continue
        found = list(visible_ids(knowledge, manifest, who, route))
        for ids in found[:most] if most else found:
            path = path_of(name, route, ids)
            if route.get != 405:
                yield path
                yield from (path + query for query in QUERIES.get(name, ()))
            if route.post in {200, 400}:
                yield f"POST {path}"
