"""What someone is shown in two worlds, laid side by side."""

import difflib
import json
import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.test import Client

from tests.inside import Inside, with_session
from tests.leak.answers import masked

# When the drain wrote it: it ran again in the copy. Digests tell the same figures.
MOMENT = re.compile(
    r'datetime="[^"]*"|\d{1,2} \w+ \d{4},? (at )?\d{1,2}[:.]\d\d\s?([ap]m)?'
    r"|\d{4}-\d\d-\d\dT[\d:.]+(\+\d\d:\d\d|Z)|\d+ (second|minute)s? ago"
)
Shown = dict[str, tuple[Any, ...]]


def without_moments(answer: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return an answer without the moments in it, its JSON on a line for each value."""
    status, headers, text = answer
    kept = [(name, value) for name, value in headers if name != "content-length"]
    if ("content-type", "application/json") in headers:
        text = json.dumps(json.loads(text), sort_keys=True, indent=1)
    return status, kept, MOMENT.sub("-", text)


def in_any_order(answer: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return an answer with its lines sorted: their order is that of the drain."""
    status, headers, text = answer
    return status, headers, "\n".join(sorted(text.splitlines()))


def is_in_order_of_drain(path: str) -> bool:
    """Return whether a page is in the order of lines, which the drain wrote again."""
    return path == "/groups/" or "movement" in path


def shown(
    inside: Inside,
    database: str,
    session: str,
    token: str,
    paths: Iterable[str],
    login: str = "web",
) -> Shown:
    """Return every answer that someone gets at these paths; nothing of it is kept.

    A path that begins with `POST ` is sent an empty body: what is answered is an error.
    """
    client, found = with_session(session), {}
    headers = {"authorization": f"Bearer {token}"}
    with inside(database, login), transaction.atomic():
        for asked in paths:
            method, path = ("post" if " " in asked else "get"), asked.split()[-1]
            client.cookies.pop("messages", None)  # of the step before
            with transaction.atomic():
                if path.startswith("/api/"):
                    answer = masked(_called(method, path, headers))
                else:
                    answer = masked(getattr(client, method)(path))
                transaction.set_rollback(True)
            answer = without_moments(answer)
            found[asked] = (
                in_any_order(answer) if is_in_order_of_drain(path) else answer
            )
        transaction.set_rollback(True)
    return found


def _called(method: str, path: str, headers: dict[str, str]) -> Any:
    if method == "get":
        return Client().get(path, headers=headers)
    headers = {**headers, "idempotency-key": str(uuid.uuid4())}
    return Client().post(path, {}, content_type="application/json", headers=headers)


def differences(full: Shown, less: Mapping[str, Any]) -> list[str]:
    """Return for each path at which two worlds differ the lines in which they do."""
    return [
        _difference(path, answer, less[path])
        for path, answer in full.items()
        if answer != less[path]
    ]


def _difference(path: str, one: Any, other: Any) -> str:
    lines = difflib.unified_diff(one[2].splitlines(), other[2].splitlines(), n=0)
    heads = [pair for pair in one[1] if pair not in other[1]]
    told = f"{path}: {one[0]} {other[0]} {heads}\n"
    return told + "\n".join(list(lines)[:20])
