"""The whole API against its own description, as three people: schemathesis.

Whatever is sent, nothing breaks (no 5xx), and no status comes that is not described.
Only in the long form.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from ocgmap.bootstrap.paths import ROOT
from tests.inside import Inside
from tests.leak.options import Figure
from tests.world import Manifest

pytestmark = [
    pytest.mark.leak,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
OPENAPI = Path(ROOT / "docs" / "openapi.yaml")
CALLERS = ("owner_supervisor", "other_analyst", "auditor")
EXAMPLES = 10
# It answers with the description itself, as YAML.
APART = "/api/v1/schema/"


@pytest.fixture
def web(inside: Inside, leak_database: str) -> Iterator[None]:
    """Ask as the web does; nothing of it is kept."""
    with inside(leak_database, "web"), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("who", CALLERS)
def test_api_is_as_described(
    who: str, web: None, manifest: Manifest, is_leak_full: bool, figure: Figure
) -> None:
    if not is_leak_full:
        pytest.skip("only in the long form: --leak-full")
    schema = schemathesis.openapi.from_path(OPENAPI)
    headers = {"Authorization": f"Bearer {manifest.tokens[who]}"}
    failed: dict[str, str] = {}
    number = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path == APART:
            continue
        number += try_out(operation, headers, failed)
    figure("described", described_calls=number, described_failures=len(failed))
    told = "\n".join(f"{label}: {text[:600]}" for label, text in failed.items())
    assert not failed, f"{len(failed)} operations\n{told}"
    assert number > EXAMPLES


def try_out(operation: Any, headers: dict[str, str], failed: dict[str, str]) -> int:
    """Send what the description allows; note the first answer that it does not tell of."""
    calls, described = 0, set(operation.definition.raw["responses"])

    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        nonlocal calls
        calls += 1
        try:
            answer = called(case, headers)
        except Exception as error:  # what the web server would answer 500 to
            raise AssertionError(f"500: {error!r} {case.path} {case.query}") from error
        status = str(answer.status_code)
        assert status in described, f"{status}: {answer.content[:200]!r} {case.body}"
        assert answer.status_code < 500, f"{status} {case.query} {case.body}"

    try:
        send()
    except AssertionError as error:
        failed[operation.label] = str(error)
    return calls


def called(case: Any, headers: dict[str, str]) -> Any:
    """Send a case with Django's own client, and take back what it wrote."""
    asked = case.as_transport_kwargs(base_url="http://testserver", headers=headers)
    known = {"method", "url", "headers", "params", "json", "data", "cookies"}
    sent = requests.Request(
        **{name: value for name, value in asked.items() if name in known}
    ).prepare()
    with transaction.atomic():
        answer = Client().generic(
            str(sent.method),
            sent.path_url,
            sent.body or b"",
            content_type=sent.headers.pop("Content-Type", ""),
            headers={**sent.headers, **headers},
        )
        transaction.set_rollback(True)
    return answer
