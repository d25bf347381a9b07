"""The calibration packs that are published: whole, and of attributes that there are."""

import json

import pytest

from scoring.agreement import packs as module
from scoring.agreement.packs import PackError, packs
from scoring.engine import CATALOGUE


def test_each_pack_asks_for_attributes_of_the_catalogue() -> None:
    assert packs()
    for pack in packs().values():
        assert set(pack.attributes) <= set(CATALOGUE)
        assert len(pack.vignettes) >= 5
        assert all(len(one.text) > 200 for one in pack.vignettes)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": "No Code"}, "is no code"),
        ({"attributes": ["violence", "violence"]}, "stands twice"),
        ({"vignettes": [{"key": "a", "title": "A"}]}, "text"),
    ],
)
def test_a_file_that_is_wrong_is_refused(change, said, tmp_path, monkeypatch) -> None:
    good = {
        "key": "a",
        "version": "1",
        "title": "A",
        "attributes": ["violence"],
        "vignettes": [{"key": "a", "title": "A", "text": "A"}],
    }
    file = tmp_path / "packs.json"
    file.write_text(json.dumps([{**good, **change}]))
    monkeypatch.setattr(module, "FILE", file)
    with pytest.raises(PackError, match=said):
        packs.__wrapped__()
