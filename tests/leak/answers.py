"""Answers of the site, laid side by side: what may differ is masked first."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from ocgmap.common.keyset import sealed_box
from tests.leak.knowledge import WORD

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
REFERENCE = re.compile(r"\b[GNRI]-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b", re.IGNORECASE)
TICKET = re.compile(
    r'(name="(?:csrfmiddlewaretoken|entry|tab|idempotency_key)" value=")[^"]+'
)
CURSOR = re.compile(r"(?<=cursor=)[\w-]{60,}")
# A search is kept under a new id each time it is asked.
TERM = re.compile(rf"(?<=[?&]q=){UUID.pattern}", re.IGNORECASE)
# A refused form is kept as a draft, and the page says when.
SAVED = re.compile(r"(?<=data-draft-state>Saved )\d\d:\d\d")
# New with each answer by nature; the ticket comes in a cookie too.
PASSING = {"x-request-id", "date", "set-cookie"}
Answer = tuple[int, tuple[tuple[str, str], ...], str]


def body_of(response: Any) -> str:
    """Return the text of an answer, also of one that is streamed."""
    content = (
        b"".join(response.streaming_content) if response.streaming else response.content
    )
    return str(content.decode(errors="replace"))


def masked(response: Any, *named: str) -> Answer:
    """Return status, headers and text without what is new each time.

    ``named`` are the ids that the request itself held.
    """
    headers = tuple(
        (name.lower(), _without(value, named))
        for name, value in sorted(response.items())
        if name.lower() not in PASSING
    )
    text = SAVED.sub("-", TICKET.sub(r"\1-", body_of(response)))
    text = text.replace(response.get("X-Request-ID", "\0"), "-")
    return response.status_code, headers, _without(text, named)


def _opened(cursor: re.Match[str]) -> str:
    """Return what a cursor holds: it is encrypted anew each time."""
    sealed = cursor[0] + "=" * (-len(cursor[0]) % 4)
    return quote(sealed_box().decrypt(sealed))


def _without(text: str, named: Iterable[str]) -> str:
    text = TERM.sub("-", CURSOR.sub(_opened, text))
    for one in named:
        text = re.sub(re.escape(one), "*", text, flags=re.IGNORECASE)
    return text


def tokens_in(response: Any) -> set[str]:
    """Return every planted word, public id and reference that an answer holds."""
    text = body_of(response) + " ".join(f"{k} {v}" for k, v in response.items())
    found = WORD.findall(text) + UUID.findall(text) + REFERENCE.findall(text)
    return {one.lower() for one in found}
