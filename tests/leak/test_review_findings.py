"""Faults that a review found: each stays mended."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.db import OperationalError, connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from intelligence.models import Return
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import Scope, system
from tests.audited import Audited, audited
from tests.cast import PASSWORD, As, MakeUser
from tests.factories.groups import CrimeGroupFactory, MembershipFactory, NominalFactory
from tests.factories.intelligence import ReportFactory, ReturnFactory

__all__ = ["audited"]

pytestmark = [pytest.mark.django_db, pytest.mark.leak]
ClientAs = Callable[[str], Client]
ViewerOf = Callable[[str], Viewer]


def read(kind: AuditKind, rows: list[AuditEvent]) -> set[int]:
    return {pk for row in rows if row.kind == kind for pk in row.object_ids}


# What the web may run as the owner


@pytest.mark.parametrize("role", ["ocgmap_web", "ocgmap_worker"])
def test_nobody_may_hang_our_triggers_on_a_table_of_their_own(
    role: str, as_system: Any
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.proname, has_function_privilege(%s, p.oid, 'execute')"
            " from pg_proc p where p.pronamespace = 'public'::regnamespace"
            " and p.prorettype = 'trigger'::regtype",
            [role],
        )
        found = dict(cursor.fetchall())
    assert len(found) > 30
    assert not [name for name, may in found.items() if may]


def test_web_cannot_raise_a_hidden_label_by_the_cascade(acting: As) -> None:
    hang = (
        "create temporary table t (id bigint, access_class_id bigint);"
        "create trigger up after update on t for each row"
        " execute function ocgmap_label_cascade('groups_crimegroup', 'id')"
    )
    with (
        acting("other_analyst"),
        pytest.raises(ProgrammingError, match="permission denied for function"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(hang)


# Counts that more people read than what is counted


def test_count_of_a_return_leaves_out_what_its_readers_may_not_know(
    client_as: ClientAs,
) -> None:
    with acting_as(system("test")):
        entry = ReturnFactory()
        for sharing in ("force", "region", "all_forces", "organisation"):
            ReportFactory(returned_in=entry, sharing=sharing)
    client_as("owner_analyst").post(f"/returns/{entry.public_id}/receive/")
    with acting_as(system("test")):
        assert Return.objects.get().counts == {"reports": 3}
    page = client_as("rocu_lead").get("/returns/")
    assert "3 reports" in page.content.decode()


# Reading that leaves its row


@pytest.fixture
def member(acting: As, viewer: ViewerOf) -> Any:
    by = viewer("owner_analyst")
    with acting("owner_analyst"):
        return MembershipFactory(by=by)


def test_history_of_a_group_is_a_reading_of_its_people(
    member: Any, client_as: ClientAs, audited: Audited
) -> None:
    page = client_as("owner_analyst").get(f"/groups/{member.group.public_id}/history/")
    assert member.nominal.surname in page.content.decode()
    shown = read(AuditKind.CONSULTATION, audited(object_type="groups.Nominal"))
    assert member.nominal_id in shown
    rows = audited(object_type="groups.Membership")
    assert member.pk in read(AuditKind.CONSULTATION, rows)


@pytest.mark.parametrize("page", ["edit", "aliases/add", "identifiers/add"])
def test_form_of_a_person_is_a_reading(
    page: str, member: Any, client_as: ClientAs, audited: Audited
) -> None:
    nominal = member.nominal
    answer = client_as("owner_analyst").get(f"/people/{nominal.public_id}/{page}/")
    assert nominal.surname in answer.content.decode()
    shown = read(AuditKind.CONSULTATION, audited(object_type="groups.Nominal"))
    assert nominal.pk in shown


@pytest.mark.parametrize("page", ["edit", "state", "threats/add"])
def test_form_of_a_group_is_a_reading(
    page: str, member: Any, client_as: ClientAs, audited: Audited
) -> None:
    client_as("owner_analyst").get(f"/groups/{member.group.public_id}/{page}/")
    shown = read(AuditKind.CONSULTATION, audited(object_type="groups.CrimeGroup"))
    assert member.group_id in shown


def test_form_that_supersedes_is_a_reading(
    client_as: ClientAs, audited: Audited
) -> None:
    with acting_as(system("test")):
        report = ReportFactory()
    page = client_as("owner_analyst").get(f"/reports/{report.public_id}/supersede/")
    assert report.text in page.content.decode()
    shown = read(AuditKind.CONSULTATION, audited(object_type="intelligence.Report"))
    assert report.pk in shown


def test_refusal_beside_a_field_leaves_its_row(
    acting: As, viewer: ViewerOf, client_as: ClientAs, audited: Audited
) -> None:
    by = viewer("owner_analyst")
    young = timezone.localdate() - datetime.timedelta(days=15 * 365)
    with acting("owner_analyst"):
        group = CrimeGroupFactory(by=by)
        child = NominalFactory(
            by=by, born_from=young, born_to=young, born_precision="day"
        )
    answer = client_as("owner_analyst").post(
        f"/groups/{group.public_id}/members/add/",
        {
            "person": child.reference,
            "standing": "unknown",
            "dpa_category": "suspect",
            "basis": "reported",
            "rationale": "Seen at the yard",
        },
    )
    assert "a supervisor must make this entry" in answer.content.decode()
    rows = audited(kind=AuditKind.REFUSAL)
    assert [row.detail for row in rows] == [{"code": "approval_needed"}]


# Sign-in


def test_codes_of_the_second_step_cannot_be_tried_for_ever(
    make_user: MakeUser, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/15m/key"}
    user = make_user("owner_analyst")
    with acting_as(system("test")):
        totp.TOTP.activate(user, totp.generate_totp_secret())
    client = Client()
    client.post(
        "/accounts/login/",
        {"login": "owner_analyst@test.example", "password": PASSWORD},
    )
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    answer = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "Too many failed" in answer.content.decode()


# Answers that come from outside a transaction


def test_answer_without_a_database_keeps_the_browser_strict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away() -> Any:
        raise OperationalError("the database is away")

    monkeypatch.setattr("accounts.middleware.transaction.atomic", away)
    answer = Client(raise_request_exception=False).get("/accounts/login/")
    assert answer.status_code == 500
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/reports/search/", "q"),
        ("/groups/search/", "q"),
        ("/reports/new/find/groups/", "find_groups"),
        ("/reports/new/find/people/", "find_people"),
    ],
)
def test_null_character_is_no_fault_of_ours(
    path: str, name: str, client_as: ClientAs
) -> None:
    answer = client_as("owner_analyst").post(path, {name: "a\0b"})
    assert answer.status_code in {200, 302}


def test_scope_is_the_viewers_again_after_the_audit_of_a_sign_in(
    viewer: ViewerOf,
) -> None:
    with acting_as(Scope(role="web")), transaction.atomic():
        with acting_as(system("test")):
            pass
        with connection.cursor() as cursor:
            cursor.execute("select current_user, current_setting('ocgmap.classes')")
            assert cursor.fetchone() == ("ocgmap_web", "{}")
