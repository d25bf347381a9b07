"""Published figures are told as printed, and only what is tagged so is called published."""

from pathlib import Path

import pytest

from ocgmap.common.reference import ReferenceDataError
from scoring.picture import published

HEAD = "period,area,measure,printed,source,confidence\n"


def test_every_figure_has_a_source_and_was_published() -> None:
    figures = published.published_figures()
    assert len(figures) > 4
    assert {str(one.confidence) for one in figures} <= {
        "published exactly",
        "published partly",
    }
    assert all(one.source and one.printed for one in figures)


def test_a_recalled_figure_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "published_figures.csv"
    path.write_text(f"{HEAD}2017,UK,Groups,about 5,Memory,recalled: to be confirmed\n")
    monkeypatch.setattr(published, "FILE", path)
    published.published_figures.cache_clear()
    try:
        with pytest.raises(ReferenceDataError, match="only what was published"):
            published.published_figures()
    finally:
        published.published_figures.cache_clear()
