"""What `.ci/run` asks for is not skipped there."""

from pathlib import Path

import pytest

from tests.functional.conftest import found_or_skip

RUN = Path(__file__).resolve().parents[2] / ".ci" / "run"


def test_run_requires_browser_and_real_data() -> None:
    lines = [line.strip() for line in RUN.read_text(encoding="utf-8").splitlines()]
    assert "export OCGMAP_REQUIRE_BROWSER=1" in lines
    assert "export OCGMAP_REQUIRE_REAL_DATA=1" in lines


def test_missing_browser_fails_where_it_is_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OCGMAP_REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match="chromium"):
        found_or_skip(None)
    monkeypatch.setenv("OCGMAP_REQUIRE_BROWSER", "0")
    with pytest.raises(pytest.skip.Exception, match="chromium"):
        found_or_skip(None)
    assert found_or_skip("/usr/bin/chromium") == "/usr/bin/chromium"
