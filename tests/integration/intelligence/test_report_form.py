"""The page that submits a report: nothing half-written, nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation
from intelligence.models import (
    AttributeClaim,
    Mention,
    Report,
    ReportOriginal,
)
from ocgmap.common import queues
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.audited import Audited
from tests.factories.intelligence import ClaimFactory, ReportFactory, a_group

ClientAs = Callable[[str], Client]
NEW = "/reports/new/"


@pytest.fixture(autouse=True)
def hints(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the hints instead of sending them to a broker."""
    sent: list[str] = []
    monkeypatch.setattr(queues, "hint", lambda name, *_: sent.append(name))
    return sent


def filled(**changes: Any) -> dict[str, Any]:
    """Return what a browser posts for a right report."""
    today = timezone.localdate()
    return {
        "owner": "durham",
        "idempotency_key": "key-1",
        "text": "Seen unloading at the yard.",
        "original_text": "",
        "received_on_day": today.day,
        "received_on_month": today.month,
        "received_on_year": today.year,
        "event_day": "",
        "event_month": "",
        "event_year": "",
        "event_precision": "",
        "groups": "",
        "nominals": "",
        "source_grade": "1",
        "assessment_grade": "A",
        "handling": "P",
        "sharing": "force",
        "sharing_reason": "",
        "claims-TOTAL_FORMS": "1",
        "claims-INITIAL_FORMS": "0",
        "claims-0-attribute": "",
        "claims-0-group": "",
        **changes,
    }


def everything() -> Any:
    return acting_as(system("test"))


def test_form_shows_every_definition_and_the_preselected_group(
    client_as: ClientAs,
) -> None:
    with everything():
        group = a_group()
    page = client_as("owner_analyst").get(f"{NEW}?group={group.public_id}")
    body = page.content.decode()
    assert page.status_code == 200
    assert group.reference in body
    for text in ("1: Reliable", "E: Suspected to be false", "The originating force"):
        assert text in body
    assert "Lawful sharing permitted with conditions" in body
    assert 'name="idempotency_key"' in body


def test_form_for_a_hidden_or_absent_group_is_not_found(client_as: ClientAs) -> None:
    with everything():
        hidden = a_group("west-yorkshire")
    client = client_as("owner_analyst")
    for wanted in (
        hidden.public_id,
        "00000000-0000-4000-8000-000000000000",
        "nonsense",
    ):
        assert client.get(f"{NEW}?group={wanted}").status_code == 404


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("owner_analyst", 200),
        ("owner_supervisor", 200),
        ("region_analyst", 200),
        ("rocu_lead", 200),
        ("nca_officer", 200),
        ("auditor", 403),
        ("administrator", 403),
    ],
)
def test_form_by_the_cast(client_as: ClientAs, name: str, status: int) -> None:
    assert client_as(name).get(NEW).status_code == status


def test_sending_writes_all_of_it_and_leads_to_the_receipt(
    client_as: ClientAs, hints: list[str]
) -> None:
    with everything():
        group = a_group()
    answer = client_as("owner_analyst").post(
        NEW,
        filled(
            groups=group.reference,
            original_text="He told me.",
            event_month="2",
            event_year="2025",
            **{"claims-0-attribute": "violence", "claims-0-level": "high"},
        ),
    )
    with everything():
        report = Report.objects.get()
        assert answer.status_code == 302
        assert answer["Location"] == reverse("scoring:receipt", args=[report.public_id])
        assert hints == ["scoring.drain"]
        assert report.event_precision == "month"
        assert Mention.objects.get(report=report).group == group
        assert AttributeClaim.objects.get(report=report).attribute == "violence"
        assert ReportOriginal.objects.get(report=report).text == "He told me."


def test_sending_twice_is_one_report(client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    first, second = client.post(NEW, filled()), client.post(NEW, filled())
    assert first["Location"] == second["Location"]
    with everything():
        assert Report.objects.count() == 1


def test_sending_other_words_with_the_same_key_asks_first(client_as: ClientAs) -> None:
    client = client_as("owner_analyst")
    client.post(NEW, filled())
    page = client.post(NEW, filled(text="Quite another thing."))
    body = page.content.decode()
    assert page.status_code == 200
    assert "was sent before" in body
    assert "Quite another thing." in body
    key = page.context["form"]["idempotency_key"].value()
    assert key != "key-1"
    client.post(NEW, filled(text="Quite another thing.", idempotency_key=key))
    with everything():
        assert Report.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "changes", "words"),
    [
        pytest.param(
            "source_grade", {"source_grade": ""}, "Select an option", id="ungraded"
        ),
        pytest.param("source_grade", {"source_grade": "7"}, "no option", id="scale"),
        pytest.param(
            "received_on",
            {"received_on_day": "31", "received_on_month": "2"},
            "real date",
            id="impossible",
        ),
        pytest.param(
            "received_on", {"received_on_year": "2099"}, "future", id="future"
        ),
        pytest.param("recipients", {"handling": "C"}, "condition", id="no-condition"),
        pytest.param(
            "sharing",
            {
                "handling": "C",
                "recipients": "force_rocu_nca",
                "sharing": "all_forces",
            },
            "does not allow",
            id="too-wide",
        ),
        pytest.param(
            "sharing_reason", {"sharing": "organisation"}, "reason", id="only-own"
        ),
        pytest.param("groups", {"groups": "G-0000-0000-0"}, "no group", id="absent"),
        pytest.param("nominals", {"nominals": "N-1"}, "no person", id="no-person"),
        pytest.param("text", {"text": ""}, "filled in", id="empty"),
        pytest.param("text", {"text": "a\ufffdb"}, "encoding", id="encoding"),
        pytest.param("owner", {"owner": "atlantis"}, "no option", id="unknown-force"),
        pytest.param(
            "legacy_source_choice",
            {
                "legacy_grade": "C31",
                "source_grade": "",
                "assessment_grade": "",
                "handling": "",
            },
            "sometimes reliable",
            id="legacy-c",
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    client_as: ClientAs, field: str, changes: dict[str, Any], words: str
) -> None:
    typed = "A long story, typed once."
    page = client_as("owner_analyst").post(
        NEW, {**filled(original_text=typed), **changes}
    )
    form = page.context["form"]
    assert page.status_code == 200
    assert words in " ".join(form.errors[field])
    assert typed in page.content.decode()
    assert "There is a problem" in page.content.decode()
    with everything():
        assert not Report.objects.exists()


def test_legacy_grade_is_converted_and_kept(client_as: ClientAs) -> None:
    bare = {"source_grade": "", "assessment_grade": "", "handling": ""}
    answer = client_as("owner_analyst").post(
        NEW, filled(legacy_grade="C31", legacy_source_choice="2", **bare)
    )
    assert answer.status_code == 302
    with everything():
        report = Report.objects.get()
        assert (report.legacy_grade, report.source_grade) == ("C31", 2)
        assert report.converted_by is not None


def test_hidden_group_is_the_same_error_as_an_absent_one(client_as: ClientAs) -> None:
    with everything():
        hidden = a_group("west-yorkshire").reference
    client = client_as("owner_analyst")
    said = []
    for reference in (hidden, "G-0000-0000-0"):
        page = client.post(NEW, filled(groups=reference))
        said.append(
            " ".join(page.context["form"].errors["groups"]).replace(reference, "?")
        )
    assert said[0] == said[1]


def test_condition_narrows_the_audiences_on_offer(client_as: ClientAs) -> None:
    page = client_as("owner_analyst").post(
        NEW, filled(handling="C", recipients="originator_only", text="")
    )
    assert [code for code, _ in page.context["form"].fields["sharing"].choices] == [
        "organisation"
    ]


def test_claim_without_its_group_among_several_is_refused(client_as: ClientAs) -> None:
    with everything():
        one, two = a_group(), a_group(name="Other crew")
    both = {
        "groups": f"{one.reference}, {two.reference}",
        "claims-0-attribute": "violence",
        "claims-0-level": "high",
    }
    client = client_as("owner_analyst")
    page = client.post(NEW, filled(**both))
    assert "group" in page.context["claims"].forms[0].errors
    answer = client.post(NEW, filled(**both, **{"claims-0-group": two.reference}))
    assert answer.status_code == 302
    with everything():
        assert AttributeClaim.objects.get().group == two


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"claims-0-attribute": "violence"}, "level"),
        ({"claims-0-level": "high"}, "attribute"),
        ({"claims-0-attribute": "charisma", "claims-0-level": "high"}, "attribute"),
    ],
)
def test_half_a_claim_is_refused(
    client_as: ClientAs, row: dict[str, str], field: str
) -> None:
    page = client_as("owner_analyst").post(NEW, filled(**row))
    assert field in page.context["claims"].forms[0].errors


def test_add_another_claim_keeps_what_was_typed(client_as: ClientAs) -> None:
    page = client_as("owner_analyst").post(
        NEW, filled(add_row="claims", text="Half a story", source_grade="")
    )
    assert len(page.context["claims"].forms) == 2
    assert "Half a story" in page.content.decode()
    assert "There is a problem" not in page.content.decode()


def test_find_offers_visible_groups_to_tick(
    client_as: ClientAs, audited: Audited
) -> None:
    with everything():
        own = a_group(name="Harbour crew")
        hidden = a_group("west-yorkshire", name="Harbour gang")
    client = client_as("owner_analyst")
    page = client.post(
        f"{NEW}find/groups/", filled(find_groups="harbour", text="Half a story")
    )
    body = page.content.decode()
    assert own.reference in body
    assert hidden.reference not in body
    assert "Half a story" in body
    rows = audited(object_type="groups.CrimeGroup", kind="consultation")
    assert [row.object_ids for row in rows] == [[own.pk]]
    ticked = client.post(NEW, filled(groups=["", own.reference]))
    assert ticked.status_code == 302
    with everything():
        assert Mention.objects.get().group == own


def test_lead_submits_for_a_force_of_the_region(client_as: ClientAs) -> None:
    client = client_as("rocu_lead")
    page = client.get(NEW)
    codes = [code for code, _ in page.context["form"].fields["owner"].choices]
    assert codes[0] == "nerocu"
    assert {"durham", "northumbria", "cleveland"} <= set(codes)
    assert client.post(NEW, filled()).status_code == 302
    with everything():
        durham = Organisation.objects.get(code="durham")
        assert Report.objects.get().owner == durham


def test_unknown_force_by_another_analyst_writes_nothing(client_as: ClientAs) -> None:
    page = client_as("other_analyst").post(NEW, filled())
    assert "owner" in page.context["form"].errors
    with everything():
        assert not Report.objects.exists()


class TestSupersede:
    def test_form_is_filled_with_the_report(self, client_as: ClientAs) -> None:
        with everything():
            report, group = ReportFactory(owner_reference="D/1"), a_group()
            ClaimFactory(report=report, group=group)
        page = client_as("owner_analyst").get(f"/reports/{report.public_id}/supersede/")
        body = page.content.decode()
        assert report.text in body
        assert "D/1" in body
        assert page.context["claims"].forms[0]["attribute"].value() == "violence"

    def test_sending_replaces_it(self, client_as: ClientAs) -> None:
        with everything():
            report = ReportFactory()
        client = client_as("owner_analyst")
        answer = client.post(
            f"/reports/{report.public_id}/supersede/",
            filled(text="Corrected.", reason="A wrong date.", version=1),
        )
        assert answer.status_code == 302
        with everything():
            report.refresh_from_db()
            assert report.state == "superseded"
            assert Report.objects.get(supersedes=report).text == "Corrected."

    def test_stale_version_keeps_what_was_typed(self, client_as: ClientAs) -> None:
        with everything():
            report = ReportFactory()
        page = client_as("owner_analyst").post(
            f"/reports/{report.public_id}/supersede/",
            filled(text="Corrected.", reason="A wrong date.", version=9),
        )
        assert "Corrected." in page.content.decode()
        assert "Someone changed" in page.content.decode()

    def test_by_the_cast(self, client_as: ClientAs) -> None:
        with everything():
            report = ReportFactory()
        for name, status in (
            ("owner_analyst", 200),
            ("rocu_lead", 200),
            ("nca_officer", 403),
            ("other_analyst", 404),
            ("administrator", 403),
        ):
            page = client_as(name).get(f"/reports/{report.public_id}/supersede/")
            assert page.status_code == status, name
