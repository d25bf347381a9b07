"""The pages of a comparison of versions: asked, watched, read, opened, taken away."""

import re
from pathlib import Path
from typing import Any

import pytest

from accounts.models import AuditEvent
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.actions import schemes, what_if_work
from scoring.models import WhatIf
from tests.factories.schemes import version_file, version_rows
from tests.factories.scoring import ATTRIBUTES
from tests.integration.scoring_pages.conftest import ClientAs, Nation, seen

TICKET = re.compile(r'name="entry" value="([^"]+)"')
URL = "/what-if/"


@pytest.fixture
def hinted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sent: list[str] = []
    monkeypatch.setattr("scoring.views.what_if.hint", sent.append)
    return sent


@pytest.fixture
def version(nation: Nation, tmp_path: Path) -> str:
    weights = dict.fromkeys(ATTRIBUTES[8:], 2)
    path = version_file(tmp_path, version_rows(weights=weights))
    schemes.load(content=Path(path).read_bytes())
    return "2"


def ask(client: Any, **said: str) -> Any:
    ticket = TICKET.search(client.get(URL).content.decode())
    assert ticket
    return client.post(URL, {"entry": ticket[1], "before": "1", "after": "2", **said})


def asked_of(client: Any) -> str:
    response = ask(client)
    assert response.status_code == 302, response.content.decode()[:3000]
    return str(response["Location"])


def test_from_the_question_to_each_list(
    nation: Nation, version: str, client_as: ClientAs, hinted: list[str]
) -> None:
    client = client_as("nca_officer")
    assert URL in seen(client, "/").links
    assert "Version 2 (proposed for comparison)" in seen(client, URL).text
    url = asked_of(client)
    assert hinted == ["scoring.work_off_what_ifs"]
    waiting = client.get(url).content.decode()
    assert f'hx-get="{url}state/"' in waiting
    assert "Being compared" in waiting
    what_if_work.work(seconds=60)
    assert "hx-get" not in client.get(f"{url}state/").content.decode()

    page = seen(client, url)
    count, all_url = page.figures["groups"]
    assert count == seen(client, all_url).count
    # Neither the draft nor the dormant one, nor what this person may not see.
    told = seen(client, all_url).text
    assert nation.durham.name in told
    for hidden in (nation.hidden, nation.draft, nation.dormant):
        assert hidden.name not in told
    graver, _ = page.figures["graver"]
    assert graver > 0
    for key, (number, opened) in page.figures.items():
        assert seen(client, opened).count == number, key
    matrix = [n for key, (n, _) in page.figures.items() if key.startswith("bands.")]
    assert sum(matrix) == count
    for part in ("owner", "threat"):
        sums = [
            number
            for key, (number, _) in page.figures.items()
            if key.startswith(f"{part}.") and key.endswith(".groups")
        ]
        assert sum(sums) == count
    assert "Groups that move furthest" in page.text
    assert "(high): 4 to 8" in page.text
    rows = AuditEvent.objects.filter(route__contains="what-if")
    assert {"scoring.WhatIf", "groups.CrimeGroup"} <= {row.object_type for row in rows}


def test_the_same_form_twice_asks_once(
    version: str, client_as: ClientAs, hinted: list[str]
) -> None:
    client = client_as("nca_officer")
    ticket = TICKET.search(client.get(URL).content.decode())
    assert ticket
    said = {"entry": ticket[1], "before": "1", "after": "2"}
    first, second = client.post(URL, said), client.post(URL, said)
    assert first["Location"] == second["Location"]
    assert WhatIf.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"after": "1"}, "#id_after"),
        ({"after": "7"}, "#id_after"),
        ({"before": ""}, "#id_before"),
    ],
)
def test_what_is_no_question(
    version: str, client_as: ClientAs, said: dict[str, str], text: str
) -> None:
    response = ask(client_as("nca_officer"), **said)
    assert response.status_code == 200
    assert text in response.content.decode()
    assert not WhatIf.objects.exists()


def test_a_second_one_waits_for_the_first(version: str, client_as: ClientAs) -> None:
    client = client_as("nca_officer")
    asked_of(client)
    assert "is under way" in ask(client).content.decode()


def test_one_version_alone_is_no_choice(nation: Nation, client_as: ClientAs) -> None:
    text = seen(client_as("rocu_lead"), URL).text
    assert "No other version is loaded" in text


@pytest.mark.leak
def test_it_is_for_whoever_asked(
    nation: Nation, version: str, client_as: ClientAs
) -> None:
    url = asked_of(client_as("nca_officer"))
    what_if_work.work(seconds=60)
    lead = client_as("rocu_lead")
    assert url not in seen(lead, URL).links
    for part in ("", "state/", "groups/"):
        assert lead.get(f"{url}{part}").status_code == 404
    for part in ("carry-on/", "remove/"):
        assert lead.post(f"{url}{part}").status_code == 404
    for who in ("owner_supervisor", "auditor", "administrator"):
        assert client_as(who).get(URL).status_code == 403
        assert client_as(who).get(url).status_code == 403
    # Her own holds what she sees of her region.
    own = asked_of(lead)
    what_if_work.work(seconds=60)
    told = seen(lead, f"{own}groups/").text
    assert nation.durham.name in told
    assert nation.leeds.name not in told


def test_a_stopped_one_goes_on_and_is_removed(
    version: str, client_as: ClientAs, hinted: list[str]
) -> None:
    client = client_as("nca_officer")
    url = asked_of(client)
    with acting_as(system("test")):
        WhatIf.objects.update(state="stopped", state_reason="It stopped.")
    assert "It stopped." in seen(client, url).text
    assert client.post(f"{url}carry-on/")["Location"] == url
    assert WhatIf.objects.get().state == "running"
    what_if_work.work(seconds=60)
    assert client.post(f"{url}remove/")["Location"] == URL
    assert not WhatIf.objects.exists()
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("query", ["?move=up", "?before=9z", "?owner=a b", "?since=x"])
def test_an_unknown_filter_is_refused(
    version: str, client_as: ClientAs, query: str
) -> None:
    client = client_as("nca_officer")
    assert client.get(f"{asked_of(client)}groups/{query}").status_code == 400
