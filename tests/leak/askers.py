"""Those who ask, each with their session and token, and what they ask about."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.test import Client

from tests.leak.knowledge import Knowledge
from tests.world import Manifest

ABSENT = str(uuid.UUID("0a0a0a0a-0b0b-4c0c-8d0d-0e0e0e0e0e0e"))
# The four of the matrix, two with work of their own, and those who may see nothing at all.
READERS = (
    *("owner_analyst", "other_analyst", "rocu_lead", "nca_officer"),
    *("rocu_assurer", "records_manager"),
)
BLIND = ("stranger", "auditor", "administrator")


@dataclass(slots=True)
class Asker:
    """One person with a browser and a program."""

    name: str
    browser: Client
    token: str | None
    own_group: str = ""

    def ask(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        """Ask once; the API gets the token and JSON, a page the session and a form."""
        if not path.startswith("/api/"):
            self.browser.cookies.pop("messages", None)  # of the step before
            return getattr(self.browser, method)(path, data or {}, headers=headers)
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        if method == "get":
            return Client().get(path, data or {}, headers=headers)
        headers.setdefault("idempotency-key", str(uuid.uuid4()))
        call = getattr(Client(), method)
        return call(path, data or {}, content_type="application/json", headers=headers)


@dataclass(slots=True, repr=False)
class Askers:
    """Everyone who asks, and what is true of the world."""

    by_name: dict[str, Asker]
    knowledge: Knowledge
    manifest: Manifest

    def __getitem__(self, name: str) -> Asker:
        return self.by_name[name]

    def pick(self, who: str, kind: str, *, visible: bool) -> tuple[str, str] | None:
        """Return name and id of a record that ``who`` may see, or may not.

        Their own record before another's; None where there is no such record.
        """
        records: dict[str, str] = getattr(self.manifest, kind)
        fit = [
            (name, public_id)
            for name, public_id in records.items()
            if self.knowledge.sees(who, public_id) is visible
        ]
        fit.sort(key=lambda one: -self.knowledge.nearness(who, one[1]))
        return fit[0] if fit else None
