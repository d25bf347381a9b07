from pathlib import Path

from scoring.engine import CATALOGUE, SCHEMES
from scoring.engine.reference import schemes_page
from scoring.scores.derived import derived_rules

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "schemes.md"


def test_schemes_page_names_every_scheme_and_attribute():
    page = schemes_page(SCHEMES)

    for scheme in SCHEMES:
        assert f"`{scheme.key}`, version {scheme.version}" in page
        assert scheme.standing in page
        assert scheme.source in page
    for attribute in CATALOGUE.values():
        assert f"`{attribute.key}`" in page
        assert attribute.meaning in page


def test_schemes_page_shows_points_and_cuts():
    page = schemes_page(SCHEMES)

    assert "| `corruption` | 76 | 38 | 19 | 0 | 38 |" in page
    assert "| `drug_activity` | 4 | 2 | 1 | 0 | 0 |" in page
    assert "| 1 | 16 |" in page
    assert "Bands: none" in page


def test_schemes_page_in_the_documents_is_current():
    assert PAGE.read_text(encoding="utf-8") == schemes_page(SCHEMES, derived_rules()), (
        "write it again: manage.py score --list > docs/reference/schemes.md"
    )
