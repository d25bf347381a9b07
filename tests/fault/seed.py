"""Run as a process on a site's database: accounts with tokens, and groups to report on.

Prints JSON: for each force its token and the ids of its groups.
"""

import json
import sys

import django

django.setup()

from django.db import transaction  # noqa: E402 - after the set-up

from accounts.actions import tokens  # noqa: E402
from accounts.models import Organisation, User  # noqa: E402
from accounts.models.api_token import TokenScope  # noqa: E402
from accounts.roles import Role  # noqa: E402
from ocgmap.common.acting import acting_as  # noqa: E402
from ocgmap.common.scope import system  # noqa: E402
from tests.factories.intelligence import a_group  # noqa: E402

FORCES = ("durham", "northumbria", "west-yorkshire")
READERS = {
    "nerocu": Role.ROCU_LEAD,
    "nca": Role.NCA_OFFICER,
}


def account(code: str, role: Role) -> User:
    user = User(
        email=f"{code}@fault.example",
        name=code,
        organisation=Organisation.objects.get(code=code),
        role=role,
    )
    user.set_unusable_password()
    user.save()
    return user


def desk(code: str, groups: int) -> dict[str, object]:
    scopes = [TokenScope.INTEL_SUBMIT, TokenScope.INTEL_READ]
    _token, text = tokens.create(user=account(code, Role.FORCE_ANALYST), scopes=scopes)
    made = [a_group(code, name=f"{code} {number}") for number in range(groups)]
    return {"token": text, "groups": [str(group.public_id) for group in made]}


def main(groups_each: int) -> None:
    with acting_as(system("test")), transaction.atomic():
        for code, role in READERS.items():
            account(code, role)
        desks = [desk(code, groups_each) for code in FORCES]
    sys.stdout.write(json.dumps(desks))


if __name__ == "__main__":
    main(int(sys.argv[1]))
