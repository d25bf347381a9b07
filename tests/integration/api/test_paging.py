"""Pages by cursor: nothing skipped, nothing twice, and nothing told by the cursor."""

import base64
import datetime
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from groups.models import CrimeGroup
from ocgmap.common import pagination
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.factories.intelligence import a_group
from tests.integration.api.conftest import Caller

pytestmark = pytest.mark.django_db

ROWS = 50


def make(number: int, **columns: object) -> CrimeGroup:
    with acting_as(system("test")):
        return a_group(name=f"Zebedee {number}", **columns)


@pytest.fixture
def groups(db: None) -> list[CrimeGroup]:
    """Fifty groups; of each five, one has no review date and two share one."""
    days = [None, 1, 2, 3, 3]
    return [
        make(
            number,
            review_on=days[number % 5]
            and datetime.date(2030, 1, 1) + datetime.timedelta(days[number % 5]),
        )
        for number in range(ROWS)
    ]


@pytest.fixture
def caller(call_as: Callable[..., Caller]) -> Caller:
    return call_as("owner_analyst")


def pages(caller: Caller, address: str, step: str = "next") -> Iterator[list[str]]:
    """Yield the references of page after page, following the links."""
    while address:
        page = caller.json(address)
        yield [row["reference"] for row in page["results"]]
        address = page[step]


@pytest.mark.parametrize(
    "ordering",
    [
        sign + name
        for name in ("created", "changed_at", "reference", "review_on")
        for sign in ("", "-")
    ],
)
def test_each_ordering_shows_every_row_once(
    ordering: str, groups: list[CrimeGroup], caller: Caller
) -> None:
    found = list(pages(caller, f"/groups/?page_size=7&ordering={ordering}"))
    assert [len(page) for page in found] == [7] * 7 + [1]
    rows = [reference for page in found for reference in page]
    assert sorted(rows) == sorted(group.reference for group in groups)
    [together] = pages(caller, f"/groups/?page_size=500&ordering={ordering}")
    assert rows == together


def test_rows_that_come_meanwhile_move_nothing(
    groups: list[CrimeGroup], caller: Caller
) -> None:
    seen: list[str] = []
    walk = pages(caller, "/groups/?page_size=10")
    for number, page in enumerate(walk):
        seen += page
        make(1000 + number)
    assert seen == [group.reference for group in reversed(groups)]


def test_rows_that_go_meanwhile_hide_no_other(
    groups: list[CrimeGroup], caller: Caller
) -> None:
    """The row that a page ended with is gone when the next one is asked for."""
    walk = pages(caller, "/groups/?page_size=10&ordering=created")
    first = next(walk)
    with acting_as(system("test")):
        last = CrimeGroup.objects.get(reference=first[-1])
        CrimeGroup.objects.filter(pk=last.pk).delete()
    rest = [reference for page in walk for reference in page]
    assert rest == [group.reference for group in groups[10:]]


def test_walking_back_shows_the_same_pages(
    groups: list[CrimeGroup], caller: Caller
) -> None:
    address, forward = "/groups/?page_size=20&ordering=review_on", []
    page = caller.json(address)
    while True:
        forward.append([row["reference"] for row in page["results"]])
        if not page["next"]:
            break
        page = caller.json(page["next"])
    back = list(pages(caller, page["previous"], "previous"))
    assert back == forward[-2::-1]


def test_links_stand_in_the_header_too(
    groups: list[CrimeGroup], caller: Caller
) -> None:
    first = caller.get("/groups/?page_size=20")
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    second = caller.get(first.json()["next"])
    assert set(re.findall(r'rel="(\w+)"', second["Link"])) == {"next", "prev"}
    assert first.json()["previous"] is None


def test_a_cursor_tells_nothing(groups: list[CrimeGroup], caller: Caller) -> None:
    query = urlsplit(caller.json("/groups/?page_size=1&ordering=reference")["next"])
    cursor = re.search(r"cursor=([\w-]+)", query.query)
    assert cursor
    text = base64.urlsafe_b64decode(cursor[1] + "==")
    for part in (b"CrimeGroup", b"reference", groups[-1].reference.encode()):
        assert part not in text


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            lambda link: re.sub(r"(cursor=.{60}).", r"\1_", link), id="altered"
        ),
        pytest.param(lambda link: link.replace("cursor=", "cursor=x"), id="longer"),
        pytest.param(lambda link: re.sub("cursor=.*", "cursor=é", link), id="no text"),
        pytest.param(lambda link: link + "&ordering=created", id="other order"),
        pytest.param(lambda link: link.replace("groups", "nominals"), id="other list"),
    ],
)
def test_a_cursor_of_elsewhere_is_refused(
    change: Callable[[str], str], groups: list[CrimeGroup], caller: Caller
) -> None:
    link = caller.json("/groups/?page_size=1")["next"]
    response = caller.get(change(link))
    assert response.status_code == 400
    assert response.json()["code"] == "bad_cursor"


@pytest.mark.parametrize("size", ["0", "501", "-1", "ten", "1.5", "²", "9" * 30])
def test_page_size_out_of_bounds_names_the_bound(size: str, caller: Caller) -> None:
    response = caller.get(f"/groups/?page_size={size}")
    assert response.status_code == 400
    problem = response.json()
    assert "500" in problem["details"]["fields"]["page_size"][0]
    assert "1 to 500" in problem["message"]


def test_unknown_ordering_names_those_there_are(caller: Caller) -> None:
    response = caller.get("/groups/?ordering=name")
    assert response.status_code == 400
    assert "reference, -reference" in response.json()["message"]


def test_counts_come_on_request_and_stop_at_a_bound(
    groups: list[CrimeGroup], caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "count" not in caller.json("/groups/")
    exact = caller.json("/groups/?count=true&page_size=1")["count"]
    assert exact == {"value": ROWS, "label": "50", "is_exact": True}
    monkeypatch.setattr(pagination, "COUNTED_UP_TO", 20)
    bounded = caller.json("/groups/?count=true&page_size=1")["count"]
    assert bounded == {"value": 20, "label": "20+", "is_exact": False}
    assert caller.get("/groups/?count=yes").status_code == 400
