"""Clients that hand in reports over HTTP and keep at each one until it is acknowledged."""

import http.client
import json
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.fault.history import NO_ANSWER, History, Submission, Try
from tests.fault.switch import SERVED_BY

PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.05
ATTRIBUTES = ("violence", "corruption", "expertise", "mobility", "discipline", "scope")
LEVELS = ("high", "medium", "low")
SHARING = ("force", "region", "all_forces")


@dataclass(frozen=True, slots=True)
class Desk:
    """One force's credential, and the groups that its reports speak of."""

    token: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Station:
    """What all clients share: where to send, as whom, how often, and the history."""

    port: int
    desks: Sequence[Desk]
    seed: int
    rest_seconds: float
    history: History


class Client(threading.Thread):
    """One program of a force: hands in one report after the other until told to stop.

    What it sends follows from its seed alone.
    """

    def __init__(self, number: int, station: Station) -> None:
        super().__init__(name=f"client {number}", daemon=True)
        self._number = number
        self._at = station
        self._random = random.Random(f"{station.seed} {number}")
        self._made = 0
        self.stopped = threading.Event()
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.stopped.is_set():
                self._hand_in()
                rest = self._at.rest_seconds * self._random.uniform(0.5, 1.5)
                self.stopped.wait(rest)
        except BaseException as error:  # noqa: BLE001 - told by the thread that joins
            self.error = error

    def _hand_in(self) -> None:
        desk, body = self._write()
        named = {*body["groups"], *(claim["group"] for claim in body["claims"])}
        self._made += 1
        submission = Submission(
            f"client-{self._number}-{self._made}", frozenset(named), len(body["claims"])
        )
        self._at.history.begin(submission)
        deadline = time.monotonic() + 4 * PATIENCE_SECONDS
        while not submission.is_acknowledged:
            self._try(desk, body, submission)
            if time.monotonic() > deadline:
                raise RuntimeError(
                    f"{submission.key} is not acknowledged: {submission}"
                )
            if not submission.is_acknowledged:
                time.sleep(PAUSE_SECONDS)

    def _write(self) -> tuple[Desk, dict[str, Any]]:
        pick = self._random
        desk = pick.choice(self._at.desks)
        about = pick.sample(desk.groups, k=pick.choice((1, 1, 1, 2)))
        attributes = pick.sample(ATTRIBUTES, k=pick.choice((0, 1, 1, 2)))
        return desk, {
            "text": f"Report {self._made} of client {self._number}: seen at the yard.",
            "received_on": str(date.today() - timedelta(days=pick.randrange(1, 30))),  # noqa: DTZ011
            "source_grade": pick.choice((1, 1, 2)),
            "assessment_grade": pick.choice("ABC"),
            "handling": "P",
            "sharing": pick.choice(SHARING),
            "groups": about,
            "claims": [
                {
                    "group": about[0],
                    "attribute": attribute,
                    "level": pick.choice(LEVELS),
                }
                for attribute in attributes
            ],
        }

    def _try(self, desk: Desk, body: dict[str, Any], submission: Submission) -> None:
        began = time.monotonic()
        with self._at.history.trying() as phase:
            try:
                status, answer, served_by = self._post(desk, body, submission.key)
            except (OSError, http.client.HTTPException) as error:
                seconds = time.monotonic() - began
                submission.tries.append(Try(phase, seconds, NO_ANSWER, why=repr(error)))
                return
            seconds = time.monotonic() - began
            submission.tries.append(Try(phase, seconds, str(status), served_by))
        if status in {200, 201}:
            submission.report = str(json.loads(answer)["id"])
        elif status < 500:
            raise AssertionError(f"the test's own report was refused: {answer!r}")

    def _post(
        self, desk: Desk, body: dict[str, Any], key: str
    ) -> tuple[int, bytes, str]:
        link = http.client.HTTPConnection(
            "127.0.0.1", self._at.port, timeout=PATIENCE_SECONDS
        )
        headers = {
            "Authorization": f"Bearer {desk.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        try:
            link.request("POST", "/api/v1/reports/", json.dumps(body), headers)
            answer = link.getresponse()
            served_by = answer.getheader(SERVED_BY, "")
            return answer.status, answer.read(), served_by
        finally:
            link.close()
