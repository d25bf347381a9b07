"""Run as a process on a site's database: accounts with tokens, and groups to report on.

The groups are new ones, or with `--nation` those of the nation that is there already.
Prints JSON: for each force its token and the ids of its groups, and who may browse.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import cycle, islice

import django

django.setup()

from django.db import transaction  # noqa: E402 - after the set-up

from accounts.access import acting_for, viewer_of  # noqa: E402
from accounts.actions import tokens  # noqa: E402
from accounts.models import Organisation, User  # noqa: E402
from accounts.models.api_token import TokenScope  # noqa: E402
from accounts.roles import Role  # noqa: E402
from groups.models import CrimeGroup  # noqa: E402
from ocgmap.common.acting import acting_as  # noqa: E402
from ocgmap.common.scope import system  # noqa: E402
from tests.factories.intelligence import a_group  # noqa: E402

# No region of theirs has reports assured first, in the nation either: each one counts.
FORCES = ("durham", "northumbria", "west-yorkshire")
FORCES_OF_NATION = ("durham", "northumbria", "merseyside")
READERS = {
    "nerocu": Role.ROCU_LEAD,
    "nca": Role.NCA_OFFICER,
}
BROWSERS = (
    ("durham", Role.FORCE_ANALYST),
    ("nerocu", Role.ROCU_LEAD),
    ("nca", Role.NCA_OFFICER),
    ("merseyside", Role.FORCE_SUPERVISOR),
    ("northumbria", Role.FORCE_ANALYST),
    ("yhrocu", Role.ROCU_ANALYST),
)


def account(code: str, role: Role, name: str = "") -> User:
    user = User(
        email=f"{name or code}@fault.example",
        name=name or code,
        organisation=Organisation.objects.get(code=code),
        role=role,
    )
    user.set_unusable_password()
    user.save()
    return user


def desk(code: str, groups: int, *, is_nation: bool) -> dict[str, object]:
    scopes = [TokenScope.INTEL_SUBMIT, TokenScope.INTEL_READ]
    with acting_as(system("test")), transaction.atomic():
        analyst = account(code, Role.FORCE_ANALYST)
        _token, text = tokens.create(user=analyst, scopes=scopes)
        viewer = viewer_of(analyst)
        if not is_nation:
            for number in range(groups):
                a_group(code, name=f"{code} {number}")
    with acting_for(viewer, route="test"), transaction.atomic():
        seen = CrimeGroup.objects.visible_to(viewer)
        mapped = seen.filter(owner__code=code, record_state="mapped")
        about = mapped.order_by("id").values_list("public_id", flat=True)[:groups]
        assert len(about) == groups, f"{code} has {len(about)} groups of {groups}"
        return {"token": text, "groups": [str(public_id) for public_id in about]}


def browsers(wanted: int) -> Iterator[str]:
    for number, (code, role) in enumerate(islice(cycle(BROWSERS), wanted)):
        yield account(code, role, name=f"reader-{number}").email


def main(groups: int, readers: int, *, is_nation: bool) -> None:
    forces = FORCES_OF_NATION if is_nation else FORCES
    with acting_as(system("test")), transaction.atomic():
        for code, role in READERS.items():
            account(code, role)
        emails = list(browsers(readers))
    desks = [desk(code, groups, is_nation=is_nation) for code in forces]
    made = {"desks": desks, "readers": emails}
    sys.stdout.write(json.dumps(made))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("groups", type=int)
    parser.add_argument("readers", type=int)
    parser.add_argument("--nation", action="store_true")
    options = parser.parse_args()
    main(options.groups, options.readers, is_nation=options.nation)
