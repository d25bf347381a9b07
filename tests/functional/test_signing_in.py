"""Signing in with a key, and a session that is about to end, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.cast import PASSWORD
from tests.functional.conftest import SignIn
from tests.site import LiveSite

pytestmark = pytest.mark.browser
WHO = "nca_supervisor"
KEY = "Use a security key or passkey"


def fine(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert not found, [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def give_key(page: Page) -> None:
    """Plug a key into the browser, one that a finger touches at once."""
    link = page.context.new_cdp_session(page)
    link.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": False,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    link.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.fixture
def page(chromium: Browser, live: LiveSite) -> Iterator[Page]:
    """A browser at the sign-in; keys need a name of a host, no address."""
    window = chromium.new_context(
        base_url=live.url.replace("127.0.0.1", "localhost"),
        viewport={"width": 1280, "height": 900},
    )
    window.set_default_timeout(20_000)
    page = window.new_page()
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    window.close()
    assert not [text for text in said if "Content Security Policy" in text], said


def type_password(page: Page) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", f"{WHO}@test.example")
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_key_is_added_and_is_the_second_step(page: Page) -> None:
    give_key(page)
    type_password(page)
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.fill("input[name=name]", "Key on my ring")
    fine(page)
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(re.compile("recovery-codes|/2fa/$"))
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("term")).to_have_text("Key on my ring")
    fine(page)

    page.goto("/accounts/logout/")
    page.locator("#main-content").get_by_role("button", name="Sign out").click()
    type_password(page)
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    fine(page)
    page.get_by_role("button", name=KEY).click()
    expect(page.get_by_role("heading", name="My work")).to_be_visible()

    page.goto("/accounts/confirm/?next=/sessions/")
    fine(page)
    page.get_by_role("button", name=KEY).click()
    expect(page.get_by_role("heading", name="Your sessions")).to_be_visible()
    fine(page)

    # Without the key the password opens nothing.
    page.goto("/accounts/logout/")
    page.locator("#main-content").get_by_role("button", name="Sign out").click()
    type_password(page)
    page.goto("/groups/")
    expect(page).to_have_url(re.compile("/accounts/"))
    expect(page.get_by_role("navigation")).to_have_count(0)


def test_the_warning_takes_neither_focus_nor_words(sign_in: SignIn) -> None:
    page = sign_in("owner_analyst")
    page.clock.install()
    page.goto(page.url.rstrip("/") + "/reports/new/")
    words = page.locator("textarea[name=text]")
    words.fill("Half a sentence")
    left = {"seconds": 110}
    page.route("**/sessions/left/", lambda route: route.fulfill(json=left))
    page.clock.run_for(28 * 60 * 1000 + 500)
    warning = page.get_by_role("region", name="Your session")
    expect(warning).to_contain_text("You will be signed out in about two minutes")
    expect(words).to_be_focused()
    assert warning.get_attribute("aria-live") == "polite"
    fine(page)
    left["seconds"] = 1800
    warning.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_have_count(0)
    left["seconds"] = 0
    page.clock.run_for(28 * 60 * 1000 + 500)
    expect(warning).to_contain_text("You have been signed out")
    assert words.input_value() == "Half a sentence"
    fine(page)
