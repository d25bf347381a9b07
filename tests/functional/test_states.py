"""Pages that no link leads to: in error, in conflict, after a search, turned away."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string
from django.urls import reverse
from playwright.sync_api import Browser, Page

from tests.cast import PASSWORD
from tests.functional.conftest import SignIn
from tests.functional.test_accessibility import OPTIONS, USUALLY, WHO, addresses
from tests.leak.routes import ROUTES
from tests.site import LiveSite, MakeSite
from tests.world import Manifest, World

pytestmark = pytest.mark.browser

# Empty all that can be typed or chosen, and send it as it is.
SEND_EMPTY = """form => {
    for (const one of form.querySelectorAll('input, textarea, select')) {
        if (one.type === 'hidden') continue;
        if (one.type === 'checkbox' || one.type === 'radio') one.checked = false;
        else one.value = '';
    }
    form.noValidate = true;
    HTMLFormElement.prototype.submit.call(form);
}"""
FORM = "main form[method=post]"
# Members may all be left out, and the check and the beginning of a second score hold no
# field: nothing empty to refuse.
NEVER_EMPTY = {
    "groups:approve_membership",
    "scoring:approve_export",
    "scoring:decline_export",
    "groups:decline_membership",
    "intelligence:draft_check",
    "intelligence:draft_section/handling",
    "intelligence:draft_section/members",
    "scoring:score_second",
}


def check(page: Page, what: str) -> list[str]:
    """Return what axe finds on the page as it stands."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{what}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def assert_shows(page: Page, text: str) -> None:
    """Assert that the page is the one that is meant, and that axe finds nothing."""
    assert text in page.locator("body").inner_text(), page.locator("main").inner_text()
    assert not check(page, text)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_fields_of_a_choice_show_while_it_is_taken(
    live: LiveSite, sign_in: SignIn, scripts: bool
) -> None:
    page = sign_in(USUALLY, scripts=scripts)
    page.goto(f"{live.url}/reports/new/")
    note = page.locator("[name=condition_note]")
    assert not note.is_visible()
    for handling, is_shown in (("C", True), ("P", False)):
        page.locator(f"label[for=id_handling_{'PC'.index(handling)}]").click()
        assert note.is_visible() is is_shown, handling


def test_every_form_in_error(
    live: LiveSite, manifest: Manifest, sign_in: SignIn
) -> None:
    pages = {who: sign_in(who) for who in (USUALLY, *WHO.values())}
    faults, seen = [], 0
    for name, path in addresses(manifest).items():
        if ROUTES[name].post != 200 or ROUTES[name].is_open or name in NEVER_EMPTY:
            continue
        page = pages[WHO.get(ROUTES[name].needs, USUALLY)]
        page.goto(live.url + path)
        with page.expect_navigation():
            page.locator(FORM).last.evaluate(SEND_EMPTY)
        if page.locator(".govuk-error-summary").count() == 0:
            faults.append(f"{name} {path}: an empty form shows no error")
        faults += check(page, f"{name} {path} in error")
        seen += 1
    assert seen > 25
    assert not faults, "\n".join(faults)


def test_conflict(live: LiveSite, manifest: Manifest, sign_in: SignIn) -> None:
    page = sign_in("owner_supervisor")
    page.goto(live.url + addresses(manifest)["groups:edit"])
    page.locator("input[name=version]").evaluate("one => { one.value = '0' }")
    page.fill("input[name=name]", "Another name")
    with page.expect_navigation():
        page.locator(FORM).last.evaluate("one => one.requestSubmit()")
    assert page.locator(".govuk-error-summary").count() == 1
    assert_shows(page, "changed")


def test_the_card_of_a_band_that_one_report_holds(
    live: LiveSite, manifest: Manifest, sign_in: SignIn
) -> None:
    """No group of the world hangs on one report, so the card stands in another page."""
    page = sign_in("owner_supervisor")
    page.goto(f"{live.url}/groups/{manifest.groups['d_force']}/confirm-band/")
    heading = "One report alone holds this band"
    context = {
        "heading": heading,
        "paragraphs": ["Without report R-1 the band would be 5c, not 4c."],
        "report": {"reference": "R-1", "public_id": manifest.reports["r_all"]},
        "typed": [("band", "4c"), ("reason", "Two lines")],
        "knows": "knows_it_rests_on_one_report",
    }
    card = render_to_string("scoring/_one_report_card.html", context)
    page.locator("main").evaluate("(main, text) => { main.innerHTML = text }", card)
    assert_shows(page, heading)


@pytest.mark.parametrize("address", ["/people/", "/groups/", "/reports/"])
@pytest.mark.parametrize("words", ["a", "durham", "zzzz"])
def test_search_results(
    live: LiveSite, sign_in: SignIn, address: str, words: str
) -> None:
    page = sign_in("owner_supervisor")
    page.goto(live.url + address)
    field = page.locator("main [role=search] input[name=q]:not([type=hidden])")
    field.fill(words)
    with page.expect_navigation():
        field.press("Enter")
    assert not check(page, f"{address} for {words}")


def test_look_up_results(live: LiveSite, sign_in: SignIn) -> None:
    page = sign_in("owner_supervisor")
    page.goto(f"{live.url}/identifiers/")
    field = page.locator("main input[name=value]")
    field.fill("07700 900123")
    with page.expect_navigation():
        field.press("Enter")
    assert not check(page, "what a number finds")


def test_session_that_ended_in_the_middle_of_a_form(
    live: LiveSite, sign_in: SignIn
) -> None:
    page = sign_in("owner_supervisor")
    page.goto(f"{live.url}/groups/new/")
    page.fill("input[name=name]", "Typed before the session ended")
    page.context.clear_cookies()
    with page.expect_navigation():
        page.locator(FORM).last.evaluate("one => one.requestSubmit()")
    assert page.locator("input[name=password]").count() == 1
    assert_shows(page, "session")


def test_second_factor(live: LiveSite, sign_in: SignIn) -> None:
    page = sign_in("owner_supervisor")
    for name in ("mfa_index", "mfa_activate_totp"):
        answer = page.goto(live.url + reverse(name))
        assert answer is not None
        assert answer.status == 200
        assert not check(page, page.url)
    if "reauthenticate" in page.url:
        assert not check(page, page.url)
        page.fill("input[name=password]", PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert not check(page, page.url)
    page.fill("input[name=code]", "000000")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".govuk-error-message").count() == 1
    assert not check(page, "a wrong code of the authenticator")


@pytest.fixture
def strict(make_site: MakeSite, world: World) -> Iterator[LiveSite]:
    """Run a web that locks accounts; the tests' own does not."""
    site = make_site(template=world.database, OCGMAP_NO_LOCKOUT="0")
    site.start("web")
    site.wait_until_answers(well=False)
    yield site
    site.stop()


def test_locked_out(strict: LiveSite, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(f"{strict.url}/accounts/login/")
    for _ in range(6):
        page.fill("input[name=login]", "owner_analyst@test.example")
        page.fill("input[name=password]", "wrong-password-again")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if page.locator("input[name=password]").count() == 0:
            break
        assert not check(page, "a wrong password")
    assert_shows(page, "Too many attempts")
    page.close()
