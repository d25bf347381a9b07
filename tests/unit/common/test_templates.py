"""Every component with sample contexts: escaped, well linked, nothing inline."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from ocgmap.common.errors import AppError, NotFound
from tests.markup import Markup
from tests.unit.common.gallery import EVIL, GALLERY, LINK, SAMPLES, Question

ROOTS = [Path(root) for root in settings.TEMPLATES[0]["DIRS"]]


def show(component: str, **context: Any) -> Markup:
    return Markup(render_to_string(f"_components/{component}.html", context))


def test_every_component_is_in_the_gallery() -> None:
    found = {
        path.stem
        for path in (ROOTS[0] / "_components").glob("*.html")
        if not path.stem.startswith("_")
    }
    assert found
    assert found == set(GALLERY), "give the component a sample context above"


@pytest.mark.parametrize(("name", "sample"), SAMPLES)
def test_component_escapes_what_it_is_given(name: str, sample: dict[str, Any]) -> None:
    html = render_to_string(f"_components/{name}.html", sample)

    assert "<img src=x" not in html


@pytest.mark.parametrize(("name", "sample"), SAMPLES)
def test_component_is_well_linked_and_has_nothing_inline(
    name: str, sample: dict[str, Any]
) -> None:
    markup = show(name, **sample)

    assert markup.tags
    assert markup.faults() == []


def test_no_template_holds_inline_code_or_another_origin() -> None:
    inline = re.compile(
        r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:"
        r"|(?:src|href|action)=[\"']?(?:https?:)?//",
        re.IGNORECASE,
    )
    paths = [path for root in ROOTS for path in root.rglob("*.html")]
    faults = [
        f"{path.name}: {match.group().strip()}"
        for path in paths
        for match in [inline.search(path.read_text(encoding="utf-8"))]
        if match
    ]

    assert len(paths) > len(GALLERY)
    assert faults == [], "the content security policy forbids it"


@pytest.mark.parametrize("name", ["400", "403", "404", "500"])
def test_error_page_needs_no_context(name: str) -> None:
    markup = Markup(render_to_string(f"{name}.html"))

    assert markup.text.count("OFFICIAL-SENSITIVE") == 2
    assert len(markup.all("h1")) == 1
    assert markup.faults() == []


@pytest.mark.parametrize("name", ["400", "403"])
def test_error_page_says_rule_and_cure(name: str) -> None:
    error = AppError(EVIL, cure="Ask <b>again</b>.")
    html = render_to_string(f"{name}.html", {"error": error})

    assert EVIL in Markup(html).text
    assert "Ask <b>again</b>." in Markup(html).text
    assert "<img src=x" not in html


def test_absent_and_hidden_are_the_same_page() -> None:
    plain = render_to_string("404.html")

    assert render_to_string("404.html", {"error": NotFound("x")}) == plain


def test_page_has_landmarks_marking_and_skip_link() -> None:
    context = {
        "navigation": [{**LINK, "current": True}],
        "breadcrumbs": [LINK],
        "signed_in_as": {"name": "Alex Analyst", "organisation": "Durham"},
        "demonstration": True,
        "shortcuts_off": True,
        "product_version": "0.1",
    }
    markup = Markup(render_to_string("base.html", context))

    assert markup.tags[0] == ("html", {"lang": "en", "class": "govuk-template"})
    assert [len(markup.all(tag)) for tag in ("header", "main", "footer")] == [1, 1, 1]
    assert markup.all("a", href="#main-content", class_="govuk-skip-link")
    assert markup.all("body", data_shortcuts="off")
    assert markup.all("form", method="post", action="/accounts/logout/")
    assert "Synthetic or published research data" in markup.text
    assert markup.text.count("OFFICIAL-SENSITIVE") == 2
    assert markup.faults() == []


def test_htmx_is_held_back_by_the_meta_tag() -> None:
    [meta] = Markup(render_to_string("base.html")).all("meta", name="htmx-config")

    assert '"includeIndicatorCSS": false' in meta["content"]
    assert '"noSwap": [204, 304, "4xx", "5xx"]' in meta["content"]


def test_title_tells_of_an_error() -> None:
    assert "<title>Error: " in render_to_string("base.html", {"form": Question({})})
    assert "<title>Error: " not in render_to_string("base.html", {"form": Question()})


def test_wide_table_scrolls_in_a_region_that_takes_the_keyboard() -> None:
    markup = show("table", caption="Groups", head=[], rows=[])

    assert markup.all("div", role="region", aria_label="Groups", tabindex="0")


def test_queued_receipt_asks_again_and_a_final_one_does_not() -> None:
    queued = show("receipt", id="r", state="queued", about="R", poll_url="/r/")
    final = show("receipt", id="r", state="included", about="R", poll_url="/r/")

    assert queued.all("section", hx_get="/r/", hx_trigger="every 2s")
    assert not any("hx-get" in attrs for _, attrs in final.tags)
    assert queued.all("p", role="status", aria_live="polite")
    assert final.all("p", role="status", aria_live="polite")


def test_tile_opens_its_list_and_carries_its_key() -> None:
    tile = {"value": "7", "label": "groups", "url": "/groups/", "key": "groups"}
    markup = show("tiles", tiles=[tile])

    assert markup.all("a", href="/groups/", data_figure="groups")


def test_band_is_told_apart_without_colour() -> None:
    shapes = {
        sum("app-band__bar--on" in bar["class"] for bar in markup.all("rect"))
        for markup in (show("band", text="x", level=level) for level in range(6))
    }

    assert shapes == set(range(6))


def test_current_part_is_told_to_screen_readers() -> None:
    items = [{"text": "Summary", "url": "/", "current": True}]

    assert show("sub_navigation", items=items).all("a", aria_current="page")
