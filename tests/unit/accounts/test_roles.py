"""The table of roles and rights, written out a second time as a truth table."""

from pathlib import Path

import pytest

from accounts.roles import (
    RIGHT_MEANINGS,
    RIGHTS,
    ROLE_MEANINGS,
    Right,
    Role,
    name_of,
    page,
)

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "roles.md"
# View, contribute, read originals, grade, assure, moderate, confirm, approve, export,
# compare (=), who has read (w), audit, administer, dispose, answer (q).
TABLE = {
    "force_analyst": "vcrg-----------",
    "force_supervisor": "vcrg--kpx-w----",
    "rocu_analyst": "vcrg-----------",
    "rocu_lead": "vcrg-mkpx=w----",
    "intelligence_assurer": "vcrgs----------",
    "nca_officer": "vcrg----x=-----",
    "partner_reader": "v--------------",
    "records_manager": "v---------w--dq",
    "auditor": "-----------a---",
    "system_administrator": "------------t--",
    "service": "vc-g-----------",
}


@pytest.mark.parametrize("role", Role)
def test_rights_of_a_role(role: Role) -> None:
    marks = TABLE[role.value]
    assert len(marks) == len(Right)
    wanted = {right for right, mark in zip(Right, marks, strict=True) if mark != "-"}
    assert RIGHTS[role] == wanted


def test_who_judges_does_not_also_check_or_dispose() -> None:
    for role, rights in RIGHTS.items():
        assert not {Right.ASSURE, Right.APPROVE} <= rights, role
        assert not {Right.DISPOSE, Right.CONTRIBUTE} <= rights, role


def test_every_role_and_right_is_explained_once() -> None:
    assert set(ROLE_MEANINGS) == set(Role)
    assert set(RIGHT_MEANINGS) == set(Right)
    assert len(set(ROLE_MEANINGS.values())) == len(Role)
    assert len(set(RIGHT_MEANINGS.values())) == len(Right)
    assert name_of(Role.ROCU_ANALYST) == "ROCU analyst"


def test_the_page_in_the_documents_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "write it again: manage.py roles > docs/reference/roles.md"
    )
