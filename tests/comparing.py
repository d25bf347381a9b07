"""Comparisons of versions in tests: who asks, of which groups, and what they got."""

from pathlib import Path

from accounts.access import acting_for, viewer_of
from accounts.models import User
from accounts.roles import Role
from groups.models import CrimeGroup
from scoring.actions import schemes, what_if_work, what_ifs
from scoring.engine import PRIMARY
from scoring.models import SchemeVersion, WhatIf
from scoring.picture.what_if import results
from tests.factories.schemes import version_file, version_rows
from tests.factories.scoring import DRUGS, World, primary


def proposed(folder: Path) -> SchemeVersion:
    rows = version_rows(weights={DRUGS: 3})
    version, _ = schemes.load(content=Path(version_file(folder, rows)).read_bytes())
    return version


def judge_rest(world: World, group: CrimeGroup) -> None:
    for attribute in PRIMARY.attribute_keys():
        if attribute != DRUGS:
            world.judgement(group, world.label(), "nil", attribute)


def group_with(world: World, *letters: str, owner: str = "durham") -> CrimeGroup:
    """Make a group known but for drugs, with a claim on these for each label."""
    group = world.group(world.label(), owner)
    judge_rest(world, group)
    for letter in letters:
        level = "high" if letter else "low"
        world.claim(group, world.label(letter), level, DRUGS)
    return group


def officer(world: World, letters: str = "") -> User:
    return world.reader(letters, organisation="nca", role=Role.NCA_OFFICER)


def asked_by(user: User, version: SchemeVersion) -> WhatIf:
    viewer = viewer_of(user)
    with acting_for(viewer, route="test"):
        return what_ifs.start(by=viewer, before=primary(), after=version)


def seen_by(user: User, asked: WhatIf) -> dict[int, tuple[str, str]]:
    viewer = viewer_of(user)
    with acting_for(viewer, route="test"):
        return {
            one.group_id: (one.band_before, one.band_after)
            for one in results(viewer, asked)
        }


def work_off() -> None:
    what_if_work.work(seconds=60)
