"""How many submissions of a region are drawn: the file, and what it leaves out."""

import datetime
from pathlib import Path

import pytest

from accounts.actions.reference import FOLDER
from ocgmap.common.reference import read_accounts
from ocgmap.common.reference.rows import ReferenceDataError
from scoring.laboratory import shares as module

HEAD = "region,one_in,from_on,reason\n"


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put another file in the place of the published one."""

    def write(*lines: str) -> None:
        file = tmp_path / "shares.csv"
        file.write_text(HEAD + "".join(f"{line}\n" for line in lines))
        monkeypatch.setattr(module, "FILE", file)
        module.shares.cache_clear()

    yield write
    module.shares.cache_clear()


def test_the_published_file_names_regions_that_there_are() -> None:
    known = {one.code for one in read_accounts(FOLDER).organisations}
    assert {one.region for one in module.shares()} <= known


def test_the_latest_start_decides_and_none_is_none(written) -> None:
    written(
        "nerocu,5,2026-01-01,More",
        "nerocu,none,2026-06-01,A pause",
        "yhrocu,20,2026-06-01,Fewer",
    )
    spring, summer = datetime.date(2026, 3, 1), datetime.date(2026, 7, 1)
    assert module.share_of("nerocu", spring) == 5
    assert module.share_of("nerocu", summer) == 0
    assert module.share_of("yhrocu", spring) == module.USUAL_ONE_IN
    assert module.share_of("yhrocu", summer) == 20


@pytest.mark.parametrize("line", ["nerocu,0,2026-01-01,None", "nerocu,5,,No day"])
def test_a_line_that_is_wrong_is_refused(written, line: str) -> None:
    written(line)
    with pytest.raises(ReferenceDataError):
        module.shares()
