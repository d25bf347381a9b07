"""The asking process of the pages benchmark.

`python -m tests.bench.asking` prints the names of the addresses that it can ask for as
one line of JSON; for each name that it then reads, it asks once and prints how the
answer is built.
"""

import json
import re
import sys
from html.parser import HTMLParser
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402
from django.http import SimpleCookie  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.actions import tokens  # noqa: E402
from accounts.models import User  # noqa: E402
from accounts.models.api_token import TokenScope  # noqa: E402
from accounts.roles import RIGHTS, Right, Role  # noqa: E402
from groups.models import CrimeGroup, Membership, Nominal  # noqa: E402
from intelligence.models import Report  # noqa: E402
from ocgmap.common.acting import acting_as  # noqa: E402
from ocgmap.common.scope import system  # noqa: E402
from tests.bench.nation import FIRST_REFERENCE  # noqa: E402
from tests.inside import sign_in  # noqa: E402
from tests.leak.routes import ROUTES, Route  # noqa: E402

NATION = "nca@bench.example"
ROLES = {
    "assure": Role.INTELLIGENCE_ASSURER,
    "retain": Role.RECORDS_MANAGER,
    "answers": Role.RECORDS_MANAGER,
    "rule": Role.ROCU_LEAD,
    "reviewer": Role.RECORDS_MANAGER,
    "readers": Role.RECORDS_MANAGER,
    "audit": Role.AUDITOR,
    "administer": Role.SYSTEM_ADMINISTRATOR,
}
# The nation has no original texts, and nothing that waits for a second person.
NOT_THERE = {"original", "second_person"}
PROPOSALS = {"intelligence:approve_disposal", "intelligence:decline_disposal"}
# Searches over everything: what is asked for, by the name of its row.
SEARCHES = {
    "search: a reference": FIRST_REFERENCE,
    "search: words of a report": "report 2 on G-000000001",
    "search: a name": "Member 1 of G-000000001",
    "search: a number that nobody has": "07700 900123",
}
HEADINGS = {"h1", "h2", "th"}
_NUMBER = re.compile(r"[\d,]+")


def _is_missing(name: str, route: Route) -> bool:
    return route.needs in NOT_THERE or name in PROPOSALS


class Headings(HTMLParser):
    """The headings of a page and of its columns, without their numbers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._tag = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_row = dict(attrs).get("scope") == "row"
        self._tag = tag if tag in HEADINGS and not is_row else ""

    def handle_endtag(self, tag: str) -> None:
        self._tag = ""

    def handle_data(self, data: str) -> None:
        if self._tag and data.strip():
            self.found.append(f"{self._tag} {_NUMBER.sub('#', data.strip())}")


def built(response: Any) -> Any:
    """Return kind and headings of an answer, or the keys of the first row of a list.

    Of a file that is no page just the kind: it says nothing of how large the nation is.
    """
    assert response.status_code == 200, (response.request, response.status_code)
    shape: list[str]
    if response["Content-Type"].startswith("application/json"):
        body = response.json()
        rows = body.get("results") if isinstance(body, dict) else None
        shape = sorted(rows[0] if rows else body)
    elif response["Content-Type"].startswith("text/html"):
        shape = Headings(response.content.decode()).found
    else:
        shape = []
    return [response["Content-Type"], shape]


class Asking:
    """Everyone who asks, and the records of the first group."""

    def __init__(self) -> None:
        with acting_as(system("bench")), transaction.atomic():
            group = CrimeGroup.objects.select_related("owner").get(
                reference=FIRST_REFERENCE
            )
            member = Membership.objects.filter(group=group).order_by("id").first()
            assert member is not None
            person = Nominal.objects.get(pk=member.nominal_id)
            report = Report.objects.filter(text="Report 2 on G-000000001").get()
            waiting = Report.objects.awaiting_assurance().get()
            sent = CrimeGroup.objects.submitted().get()
            self.ids = {
                "groups": str(group.public_id),
                "nominals": str(person.public_id),
                "memberships": str(member.public_id),
                "reports": str(report.public_id),
                "awaiting": str(waiting.public_id),
                "submitted": str(sent.public_id),
            }
            self.rows = {"groups/members": str(member.public_id)}
            self.users = {need: self._account(group, need) for need in ("", *ROLES)}
            self.users["nation"] = User.objects.get(email=NATION)
            self.tokens = {
                who: tokens.create(user=user, scopes=list(TokenScope))[1]
                for who, user in self.users.items()
                if Right.VIEW in RIGHTS[Role(user.role)]
            }
        self.sessions = {who: sign_in(user.email) for who, user in self.users.items()}

    @staticmethod
    def _account(group: CrimeGroup, need: str) -> User:
        role = ROLES.get(need, Role.FORCE_SUPERVISOR)
        organisation = group.owner
        if role is Role.ROCU_LEAD:
            organisation = User.objects.filter(role=role)[0].organisation
        user, _ = User.objects.get_or_create(
            email=f"{role}.pages@bench.example",
            defaults={
                "name": str(role),
                "organisation": organisation,
                "role": role,
                "password": "!",
            },
        )
        return user

    def names(self) -> list[str]:
        """Return the addresses that there is something to ask about."""
        routes = [
            name
            for name, route in ROUTES.items()
            if self._can(route) and not _is_missing(name, route)
        ]
        return [*routes, *SEARCHES]

    def _can(self, route: Route) -> bool:
        has_record = not route.about or route.about in self.ids
        has_row = not route.row or route.row in self.rows
        return route.get == 200 and not route.is_open and has_record and has_row

    def ask(self, name: str) -> Any:
        """Ask as someone who may: for lists the NCA, else the group's own people."""
        if name in SEARCHES:
            return self._search(SEARCHES[name])
        route = ROUTES[name]
        arguments = dict(route.more)
        if route.about:
            arguments[route.id_name] = self.ids[route.about]
        if route.row:
            arguments["row_id"] = self.rows[route.row]
        path = reverse(name.partition("/")[0], kwargs=arguments)
        who = route.needs if route.needs in ROLES else ""
        is_of_all = route.needs == "view" and not route.about and not route.for_all
        if is_of_all or route.needs == "compare":
            who = "nation"
        client = Client(SERVER_NAME="localhost")
        if path.startswith("/api/"):
            headers = {"authorization": f"Bearer {self.tokens[who]}"}
            return built(client.get(path, headers=headers))
        name_of_cookie = settings.SESSION_COOKIE_NAME
        client.cookies = SimpleCookie({name_of_cookie: self.sessions[who]})
        return built(client.get(path))

    def _search(self, text: str) -> Any:
        """Search as the nation does: send the text, and open what it leads to."""
        client = Client(SERVER_NAME="localhost")
        cookie = {settings.SESSION_COOKIE_NAME: self.sessions["nation"]}
        client.cookies = SimpleCookie(cookie)
        answer = client.post("/search/", {"q": text}, follow=True)
        # What is found may differ in kind with the size: the page must come.
        assert answer.status_code == 200
        return [answer["Content-Type"], []]


def main() -> None:
    """Answer until there is nothing more to ask."""
    asking = Asking()
    print(json.dumps(asking.names()), flush=True)  # noqa: T201
    for line in sys.stdin:
        try:
            answer = asking.ask(line.strip())
        except Exception as fault:  # noqa: BLE001 - told, and the rest goes on
            answer = {"refused": f"{type(fault).__name__}: {fault}"}
        print(json.dumps(answer), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
