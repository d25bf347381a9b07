"""No page breaks WCAG 2.2 AA by axe, and none scrolls sideways on a narrow screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests.functional.conftest import SignIn
from tests.leak.routes import ROUTES, Route
from tests.site import LiveSite
from tests.world import Manifest

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
# Answers that are no pages, pages of a stranger, and what needs a second factor set up.
NO_PAGES = (
    "api:",
    "groups:group_picture",
    "groups:person_picture",
    "health",
    "intelligence:import_fragment",
    "intelligence:import_problems",
    "intelligence:import_refused",
    "intelligence:import_template",
    "mfa_",
    "scoring:newer",
    "scoring:notices_count",
    "scoring:receipt_fragment",
)

# Who opens a page, by what it needs of them.
WHO = {"assure": "rocu_assurer", "retain": "records_manager", "rule": "rocu_lead"}
USUALLY = "owner_supervisor"


def addresses(manifest: Manifest) -> dict[str, str]:
    """Return the address of every page that one of those who sign in can open."""
    found = {}
    for name, route in ROUTES.items():
        if route.get == 200 and not name.startswith(NO_PAGES):
            found[name] = _address(name, route, manifest)
    return found


def _address(name: str, route: Route, manifest: Manifest) -> str:
    arguments = dict(route.more)
    if route.row:
        pairs = manifest.rows[route.row]
        own = set(manifest.groups.values()) | set(manifest.nominals.values())
        # Of the transfers, the last is into the organisation of the supervisor.
        known_pairs = [pair for pair in pairs if pair[1] in own]
        row_id, parent_id = known_pairs[-1 if route.needs == "receive" else 0]
        arguments |= {"row_id": row_id, route.id_name: parent_id}
    elif route.about:
        known: dict[str, str] = getattr(manifest, route.about)
        own = [key for key in known if key.startswith("d_force")] or list(known)
        arguments[route.id_name] = known[own[0]]
    return reverse(name.partition("/")[0], kwargs=arguments)


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page(
    live: LiveSite, manifest: Manifest, sign_in: SignIn, width: int
) -> None:
    pages = {who: sign_in(who, width=width) for who in (USUALLY, *WHO.values())}
    axe = Axe()
    faults: list[str] = []
    opened = addresses(manifest)
    for name, path in opened.items():
        page = pages[WHO.get(ROUTES[name].needs, USUALLY)]
        answer = page.goto(live.url + path)
        assert answer is not None
        if answer.status != 200:
            faults.append(f"{name} {path}: answered {answer.status}")
            continue
        found = axe.run(page, options=OPTIONS)
        faults += [
            f"{name} {path}: {one['id']}: {one['nodes'][0]['html'][:200]}"
            for one in found.response["violations"]
        ]
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wide > 0:
            faults.append(f"{name} {path}: {wide} px wider than the screen of {width}")
    assert len(opened) > 45
    assert not faults, "\n".join(faults)


def test_sign_in_and_error_pages(live: LiveSite, sign_in: SignIn) -> None:
    page = sign_in("owner_analyst")
    axe = Axe()
    for path in ("/groups/00000000-0000-4000-8000-000000000000/", "/groups/?no=1"):
        page.goto(live.url + path)
        assert not axe.run(page, options=OPTIONS).response["violations"], path
    page.goto(f"{live.url}/accounts/logout/")
    page.locator("main button[type=submit]").click()
    page.goto(f"{live.url}/accounts/login/")
    assert not axe.run(page, options=OPTIONS).response["violations"]
