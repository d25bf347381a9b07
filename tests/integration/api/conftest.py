"""What the tests of the API share: a caller with a token, and a small world."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import ApiToken, AuditEvent
from accounts.models.api_token import TokenScope
from groups.actions import people
from groups.models import CrimeGroup, Involvement, Membership, Nominal
from intelligence.actions import reports
from intelligence.models import Report
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As, MakeUser
from tests.factories.groups import CrimeGroupFactory, NominalFactory, organisation
from tests.factories.intelligence import a_draft
from tests.former_tokens import former_token

EVERY_SCOPE = [scope.value for scope in TokenScope]
V1 = "/api/v1"


@dataclass(slots=True)
class Caller:
    """A program that calls with a token; addresses are given without `/api/v1`."""

    header: str
    token: ApiToken | None = None

    def send(self, method: str, address: str, **kwargs: Any) -> HttpResponse:
        headers = kwargs.pop("headers", {})
        if self.header:
            headers = {"Authorization": self.header, **headers}
        path = address if address.startswith(("/api", "http")) else f"{V1}{address}"
        return Client().generic(method, path, headers=headers, **kwargs)

    def get(self, address: str, **kwargs: Any) -> Any:
        return self.send("GET", address, **kwargs)

    def json(self, address: str) -> Any:
        response = self.get(address)
        assert response.status_code == 200, response.content
        return response.json()

    def ids(self, address: str) -> set[str]:
        return {row["id"] for row in self.json(address)["results"]}

    def post(self, address: str, body: Any, **kwargs: Any) -> Any:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        kwargs.setdefault("content_type", "application/json")
        return self.send("POST", address, data=data, **kwargs)


@pytest.fixture
def call_as(make_user: MakeUser) -> Callable[..., Caller]:
    """Return a caller with a new token of a member of the cast."""

    def make(name: str, scopes: Iterable[str] = EVERY_SCOPE, **kwargs: Any) -> Caller:
        user = make_user(name)
        with acting_as(system("test")):
            token, text = former_token(user, scopes=scopes, **kwargs)
        return Caller(f"Bearer {text}", token)

    return make


@pytest.fixture
def nobody(db: None) -> Caller:
    """A caller without a token."""
    return Caller("")


@dataclass(slots=True)
class Shelf:
    """One record of each kind, made by one analyst and shared in one way."""

    group: CrimeGroup
    nominal: Nominal
    membership: Membership
    involvement: Involvement
    report: Report


@pytest.fixture
def shelf_of(acting: As) -> Callable[..., Shelf]:
    """Make a shelf of records of an analyst's organisation."""

    def make(who: str, code: str, sharing: str = "force", name: str = "Yard") -> Shelf:
        with acting(who) as by:
            owner = organisation(code)
            reason = "Covert phase" if sharing == "organisation" else ""
            shared = {"by": by, "owner": owner, "sharing": sharing}
            group = CrimeGroupFactory(name=f"{name} crew", **shared)
            member = NominalFactory(surname=f"{name}member", **shared)
            other = NominalFactory(surname=f"{name}other", **shared)
            report, _ = reports.submit(
                by=by,
                draft=a_draft(
                    owner=owner,
                    sharing=sharing,
                    sharing_reason=reason,
                    groups=[group],
                    nominals=[member],
                ),
            )
            return Shelf(
                group,
                member,
                people.add_member(
                    by=by,
                    group=group,
                    nominal=member,
                    rationale="Seen together",
                    dpa_category="suspect",
                ),
                people.add_involvement(
                    by=by,
                    group=group,
                    nominal=other,
                    kind="associate",
                    dpa_category="other",
                    rationale="Drives for them",
                ),
                report,
            )

    return make


@pytest.fixture
def audited(db: None) -> Callable[[str], list[AuditEvent]]:
    """Return the audit rows of an object type, oldest first."""

    with acting_as(system("test")):
        newest = AuditEvent.objects.order_by("-id").values_list("id", flat=True)
        start = newest.first() or 0

    def read(object_type: str) -> list[AuditEvent]:
        with acting_as(system("test")):
            return list(
                AuditEvent.objects.filter(
                    object_type=object_type, id__gt=start
                ).order_by("id")
            )

    return read
