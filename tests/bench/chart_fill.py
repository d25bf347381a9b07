"""Fill a bare database with two groups, one empty, one with 299 people: prints ids."""

import json
import random

import django

django.setup()

from django.db import transaction  # noqa: E402

from accounts.access import acting_for, viewer_of  # noqa: E402
from accounts.models import Organisation, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from accounts.visibility import Viewer  # noqa: E402
from groups.actions import groups, links, memberships, people  # noqa: E402
from groups.models import CrimeGroup  # noqa: E402
from ocgmap.common.acting import acting_as  # noqa: E402
from ocgmap.common.scope import system  # noqa: E402
from tests.cast import PASSWORD  # noqa: E402

PEOPLE, LINKS = 299, 350
STANDINGS = ("principal", "significant", "peripheral", "unknown")


def main() -> None:
    """Make the account and both groups."""
    with acting_as(system("bench")), transaction.atomic():
        owner = Organisation.objects.get(code="durham")
        user = User(
            email="chart@test.example",
            name="Chart",
            organisation=owner,
            role=Role.FORCE_SUPERVISOR,
        )
        user.set_password(PASSWORD)
        user.save()
        by = viewer_of(user)
    with acting_for(by, route="bench"), transaction.atomic():
        empty, full = (
            groups.create(by=by, owner=owner, name=name, sharing="force")
            for name in ("Empty", "Full")
        )
        _fill(by, owner, full)
    made = {"empty": str(empty.public_id), "full": str(full.public_id)}
    print(json.dumps(made | {"password": PASSWORD}))  # noqa: T201


def _fill(by: Viewer, owner: Organisation, group: CrimeGroup) -> None:
    chance = random.Random(1)
    found = [
        people.create_nominal(
            by=by,
            owner=owner,
            sharing="force",
            given_names="Alex",
            surname="Marlow" + chr(97 + number // 26) + chr(97 + number % 26),
        )
        for number in range(PEOPLE)
    ]
    for number, one in enumerate(found):
        memberships.add_member(
            by=by,
            group=group,
            nominal=one,
            dpa_category="suspect",
            standing=STANDINGS[number % len(STANDINGS)],
            rationale="Made up",
        )
    pairs = {tuple(sorted(chance.sample(range(PEOPLE), 2))) for _ in range(LINKS)}
    for a, b in sorted(pairs):
        links.link_people(
            by=by, a=found[a], b=found[b], kind="associate", rationale="Made up"
        )


if __name__ == "__main__":
    main()
