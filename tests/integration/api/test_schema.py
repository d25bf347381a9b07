"""The published description: whole, without warnings, and the one that is committed."""

import difflib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from drf_spectacular.validation import validate_schema

from tests.integration.api.conftest import Caller

DESCRIPTION = Path(__file__).resolve().parents[3] / "docs" / "openapi.yaml"
MAKE = "python3 manage.py openapi"
MOST_LINES = 80


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("schema") / "openapi.yaml"
    call_command("openapi", path)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def description(made: str) -> Any:
    return yaml.safe_load(made)


def test_committed_description_is_the_present_one(made: str) -> None:
    committed = DESCRIPTION.read_text(encoding="utf-8")
    change = difflib.unified_diff(
        committed.splitlines(), made.splitlines(), "committed", "present", lineterm=""
    )
    shown = "\n".join(list(change)[:MOST_LINES])
    assert committed == made, (
        "The API changed. What is taken away or narrowed below breaks its callers and "
        f"needs a new version. Then run: {MAKE}\n{shown}"
    )


def test_every_address_is_described(description: Any) -> None:
    from ocgmap.api import APPS  # noqa: PLC0415 - it needs the loaded apps

    prefixes = {prefix for app in APPS for prefix, _ in app.RESOURCES}
    paths = {path.removeprefix("/api/v1/") for path in description["paths"]}
    assert prefixes
    assert {f"{prefix}/" for prefix in prefixes} <= paths
    assert {"picture/", "codes/", "schemes/", "identifiers/search/"} <= paths


def test_every_operation_names_its_scope_and_its_errors(description: Any) -> None:
    operations = [
        (path, method, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
        if path != "/api/v1/schema/"
    ]
    assert operations
    for path, method, operation in operations:
        text = operation["description"]
        assert "Scope: " in text or "Any token." in text, (path, method)
        assert {"400", "401", "403"} <= set(operation["responses"]), (path, method)
        assert operation["security"] == [{"token": []}], (path, method)


@pytest.mark.django_db
def test_schema_is_served_to_tokens_only(nobody: Caller, call_as: Any) -> None:
    caller = call_as("owner_analyst")
    for query in ("", "?format=json"):
        refused = nobody.get(f"/schema/{query}")
        assert refused.status_code == 401
        assert refused["Content-Type"] == "application/problem+json"
        assert refused.json()["code"] == "token_missing"
        response = caller.get(f"/schema/{query}")
        assert response.status_code == 200
        validate_schema(yaml.safe_load(response.content))


@pytest.mark.django_db
def test_schema_refuses_in_the_envelope_of_all_errors(call_as: Any) -> None:
    caller = call_as("owner_analyst")
    unknown = caller.get("/schema/?nope=1")
    assert unknown.status_code == 400
    assert unknown.json()["details"]["parameters"] == ["format", "lang"]
    other = caller.get("/schema/", headers={"Accept": "application/xml"})
    assert other.status_code == 406
    assert set(other.json()) == {"code", "message", "details"}
    assert caller.get("/schema/?format=json&lang=en-gb").status_code == 200
