"""People who browse the site while it is under fire: each follows one link after another.

What a reader asks for follows from the seed and from what the pages link to. Any answer
but a page is kept as a fault, as is being sent to sign in. No answer at all, as when the
web process was killed, is kept apart.
"""

import http.client
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings

from tests.fault.history import NO_ANSWER, Try, spread

PATIENCE_SECONDS = 30.0
FIRST = "/"
SIGN_IN = "/accounts/login/"
# Pages of the site's own accounts, and what is no page but a file.
_NOT_BROWSED = ("/accounts/", "/account/", "/static/", "/api/", "/health/", "/metrics")
_KNOWN_LINKS = 400


class Links(HTMLParser):
    """The site's own addresses that a page links to."""

    def __init__(self, base: str, html: str) -> None:
        super().__init__()
        self._base = base
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marked = dict(attrs)
        if tag != "a" or "download" in marked or not (href := marked.get("href")):
            return
        link = urldefrag(urljoin(self._base, href)).url
        if not urlsplit(link).netloc and not link.startswith(_NOT_BROWSED):
            self.found.add(link)


@dataclass(slots=True)
class Seen:
    """Where all readers read, what they got, and what was amiss.

    `phase` tells the run's present one.
    """

    port: int
    seed: int
    reading_seconds: float
    phase: Callable[[], str]
    tries: list[Try] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, tried: Try, path: str) -> None:
        """Keep a try; it is a fault if it was answered by anything but a page."""
        with self._lock:
            self.tries.append(tried)
            if tried.outcome == "200":
                self.kinds.add(path.strip("/").partition("/")[0] or "my work")
            elif tried.outcome != NO_ANSWER:
                self.faults.append(f"{tried.outcome} {path} ({tried.phase})")


class Reader(threading.Thread):
    """One person at a browser: reads a page, follows one of its links, now and then home."""

    def __init__(self, number: int, session: str, seen: Seen) -> None:
        super().__init__(name=f"reader {number}", daemon=True)
        self._cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
        self._random = random.Random(f"{seen.seed} reader {number}")
        self._seen = seen
        self._known = {FIRST}
        self.stopped = threading.Event()
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            path = FIRST
            while not self.stopped.is_set():
                found = self._read(path)
                self._known |= found
                if len(self._known) > _KNOWN_LINKS:
                    self._known = found | {FIRST}
                near = sorted(found) if self._random.random() < 0.7 else []
                path = self._random.choice(near or sorted(self._known))
                self.stopped.wait(self._rest())
        except BaseException as error:  # noqa: BLE001 - told by the thread that joins
            self.error = error

    def _rest(self) -> float:
        return self._seen.reading_seconds * self._random.uniform(0.3, 1.7)

    def _read(self, path: str) -> set[str]:
        """Ask for a page, and for where it leads on to; return its links."""
        phase = self._seen.phase()
        try:
            for _ in range(5):
                status, body, onward, seconds = self._get(path)
                if status not in {301, 302, 303}:
                    break
                path = urljoin(path, onward)
        except (OSError, http.client.HTTPException) as error:
            # Of the phase in which it broke off: a slow page may outlast its own.
            broken = Try(self._seen.phase(), 0.0, NO_ANSWER, why=repr(error))
            self._seen.add(broken, path)
            return set()
        if path.startswith(SIGN_IN):
            status = 401
        self._seen.add(Try(phase, seconds, str(status)), path)
        return Links(path, body).found if status == 200 else set()

    def _get(self, path: str) -> tuple[int, str, str, float]:
        began = time.monotonic()
        link = http.client.HTTPConnection(
            "127.0.0.1", self._seen.port, timeout=PATIENCE_SECONDS
        )
        try:
            link.request("GET", path, headers={"Cookie": self._cookie})
            answer = link.getresponse()
            body = answer.read().decode(errors="replace")
            is_page = answer.headers.get_content_type() == "text/html"
            onward = answer.getheader("Location", "")
            seconds = time.monotonic() - began
            return answer.status, body if is_page else "", onward, seconds
        finally:
            link.close()


def start_readers(sessions: list[str], seen: Seen) -> list[Reader]:
    """Start a reader for each session."""
    readers = [Reader(number, key, seen) for number, key in enumerate(sessions)]
    for reader in readers:
        reader.start()
    return readers


def stop_readers(readers: list[Reader]) -> None:
    """Stop them all.

    Raises:
        BaseException: what one of them ended with.
    """
    for reader in readers:
        reader.stopped.set()
    for reader in readers:
        reader.join()
    for reader in readers:
        if reader.error:
            raise reader.error


def figures_of(seen: Seen) -> dict[str, Any]:
    """Return how many pages were read, how many not answered, and how long they took."""
    answered = [one for one in seen.tries if one.outcome == "200"]
    return {
        "pages": len(answered),
        "kinds": len(seen.kinds),
        "unanswered": sum(one.outcome == NO_ANSWER for one in seen.tries),
        "faults": len(seen.faults),
        "page_ms": spread(one.seconds * 1000 for one in answered),
    }
