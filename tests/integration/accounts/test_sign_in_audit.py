"""Sign-ins, sign-outs and refusals stand in the audit."""

from collections.abc import Callable

from django.test import Client

from accounts.models import AuditEvent
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.audited import Audited
from tests.cast import PASSWORD, MakeUser


def steps(rows: list[AuditEvent]) -> list[tuple[list[int], int | None, str]]:
    return [(row.object_ids, row.actor_id, row.detail["step"]) for row in rows]


def sign_in(client: Client, email: str, password: str) -> int:
    answer = client.post("/accounts/login/", {"login": email, "password": password})
    return int(answer.status_code)


def test_sign_in_and_out_are_recorded_as_the_persons_own(
    make_user: MakeUser, audited: Audited
) -> None:
    user, client = make_user("owner_analyst"), Client()
    assert sign_in(client, user.email, PASSWORD) == 302
    client.post("/accounts/logout/")
    assert steps(audited(kind="sign_in", object_type="accounts.User")) == [
        ([user.pk], user.pk, "in"),
        ([user.pk], user.pk, "out"),
    ]


def test_refused_attempt_names_the_account_and_no_actor(
    make_user: MakeUser, audited: Audited
) -> None:
    user, client = make_user("owner_analyst"), Client()
    assert sign_in(client, user.email, "wrong") == 200
    assert steps(audited(kind="refusal", object_type="accounts.User")) == [
        ([user.pk], None, "refused")
    ]


def test_refused_attempt_on_nobody_keeps_nothing_typed(
    db: None, audited: Audited
) -> None:
    sign_in(Client(), "nobody@test.example", "wrong")
    assert steps(audited(kind="refusal", object_type="accounts.User")) == [
        ([], None, "refused")
    ]
    (kept,) = audited(kind="refusal", object_type="accounts.User")
    assert "nobody" not in str(vars(kept))


def test_closed_account_cannot_sign_in(make_user: MakeUser, audited: Audited) -> None:
    user, client = make_user("owner_analyst"), Client()
    with acting_as(system("test")):
        type(user).objects.update(is_active=False)
    answer = client.post(
        "/accounts/login/", {"login": user.email, "password": PASSWORD}, follow=True
    )
    assert "This account is closed" in answer.content.decode()
    assert client.get("/reports/").status_code == 302
    assert audited(kind="sign_in", object_type="accounts.User") == []


def test_password_change_is_recorded(
    make_user: MakeUser, client_as: Callable[[str], Client], audited: Audited
) -> None:
    user, client = make_user("owner_analyst"), client_as("owner_analyst")
    answer = client.post(
        "/accounts/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "another horse battery staple",
            "password2": "another horse battery staple",
        },
    )
    assert answer.status_code == 302
    assert steps(audited(kind="alteration", object_type="accounts.User")) == [
        ([user.pk], user.pk, "password")
    ]
