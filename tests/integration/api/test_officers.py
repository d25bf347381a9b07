"""Where people work through a token, each call names one, and the audit holds that."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import ApiToken, User
from accounts.roles import Role
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.audited import audited
from tests.cast import MakeUser
from tests.integration.api.conftest import Caller

__all__ = ["audited"]
CallAs = Callable[..., Caller]
NAME = "X-On-Behalf-Of"


def named(officer: str) -> dict[str, dict[str, str]]:
    return {"headers": {NAME: officer}}


def test_calls_of_people_name_one_and_it_is_recorded(
    call_as: CallAs,
    shelf_of: Callable[..., object],
    audited: Callable[..., list[object]],
) -> None:
    shelf_of("owner_analyst", "durham")
    caller = call_as("nca_officer", is_interactive=True)
    refused = caller.get("/groups/")
    assert refused.status_code == 400
    assert refused.json()["code"] == "on_behalf_of_missing"
    assert NAME in refused.json()["message"]
    assert caller.get("/groups/", **named("nca.1234@nca.example")).status_code == 200
    rows = audited(on_behalf_of="nca.1234@nca.example")
    assert [row.kind for row in rows] == ["disclosure"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "officer", ["x", "a b", "a" * 61, "<script>", "Ünï", "a\tb", "-ab", "a,b"]
)
@pytest.mark.parametrize("is_interactive", [True, False])
def test_what_is_no_id_is_refused(
    call_as: CallAs, officer: str, is_interactive: bool
) -> None:
    caller = call_as("owner_analyst", is_interactive=is_interactive)
    refused = caller.get("/groups/", **named(officer))
    assert refused.status_code == 400
    assert "2 to 60" in refused.json()["message"]


def test_a_program_of_its_own_names_nobody_or_somebody(
    call_as: CallAs,
    shelf_of: Callable[..., object],
    audited: Callable[..., list[object]],
) -> None:
    shelf_of("owner_analyst", "durham")
    caller = call_as("owner_analyst")
    assert caller.get("/groups/").status_code == 200
    assert caller.get("/groups/", **named("PC-1234")).status_code == 200
    said = {row.on_behalf_of for row in audited()}  # type: ignore[attr-defined]
    assert said == {"", "PC-1234"}


def test_a_forged_token_learns_nothing_of_the_header(call_as: CallAs) -> None:
    caller = call_as("owner_analyst", is_interactive=True)
    wrong = Caller(caller.header + "x")
    assert wrong.get("/groups/").status_code == 401


def test_the_command_makes_such_tokens(make_user: MakeUser) -> None:
    user = make_user("owner_analyst")
    for more in ((), ("--interactive",)):
        call_command(
            "create_token",
            "--user",
            user.email,
            "--scopes",
            "groups:read",
            *more,
            stdout=StringIO(),
            verbosity=0,
        )
    with acting_as(system("test")):
        kinds = ApiToken.objects.filter(user=user).order_by("id")
        assert [one.is_interactive for one in kinds] == [False, True]


def test_another_role_counts_from_the_next_call(
    call_as: CallAs, make_user: MakeUser
) -> None:
    caller, user = call_as("owner_analyst"), make_user("owner_analyst")
    assert caller.get("/groups/").status_code == 200
    for role, status in ((Role.SYSTEM_ADMINISTRATOR, 403), (Role.NCA_OFFICER, 200)):
        with acting_as(system("test")):
            User.objects.filter(pk=user.pk).update(role=role)
        assert caller.get("/groups/").status_code == status
