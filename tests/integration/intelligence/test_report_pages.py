"""The pages that show reports: who sees what, and what is recorded of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions import labels
from intelligence.models import Report, ReportOriginal
from ocgmap.common import queues
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.audited import Audited
from tests.factories.intelligence import (
    ClaimFactory,
    MentionFactory,
    ReportFactory,
    a_group,
    class_of,
)

ClientAs = Callable[[str], Client]
ABSENT = "00000000-0000-4000-8000-000000000000"
SEES_DURHAM = ("owner_analyst", "owner_supervisor", "rocu_lead", "nca_officer")
BLIND = ("other_analyst", "region_analyst")
NO_VIEW = ("auditor", "administrator")


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "hint", lambda *_: None)


def everything() -> Any:
    return acting_as(system("test"))


def consulted(audited: Audited, kind: str) -> list[list[int]]:
    rows = audited(kind="consultation", object_type=kind)
    return [row.object_ids for row in rows]


class TestList:
    def test_rows_by_the_cast(self, client_as: ClientAs) -> None:
        with everything():
            report = ReportFactory(text="Unloading at the yard.")
        for name in SEES_DURHAM:
            assert report.reference in client_as(name).get("/reports/").content.decode()
        for name in BLIND:
            page = client_as(name).get("/reports/")
            assert page.status_code == 200
            assert report.reference not in page.content.decode()
        for name in NO_VIEW:
            assert client_as(name).get("/reports/").status_code == 403

    def test_showing_is_recorded(self, client_as: ClientAs, audited: Audited) -> None:
        with everything():
            report = ReportFactory()
        client_as("owner_analyst").get("/reports/")
        assert consulted(audited, "intelligence.Report") == [[report.pk]]

    @pytest.mark.parametrize(
        "query",
        [
            "source=2",
            "assessment=E",
            "handling=C",
            "state=withdrawn",
            "received_from=2026-03-02",
            "received_to=2026-02-28",
            "owner=northumbria",
            "level=high",
            f"group={ABSENT}",
            f"nominal={ABSENT}",
        ],
    )
    def test_filters_leave_out_what_does_not_match(
        self, client_as: ClientAs, query: str
    ) -> None:
        with everything():
            ReportFactory(received_on=date(2026, 3, 1))
        page = client_as("owner_analyst").get(f"/reports/?{query}")
        assert page.status_code == 200
        assert page.context["rows"] == []

    @pytest.mark.parametrize(
        "query",
        [
            "source=1&source=3",
            "assessment=A",
            "handling=P",
            "state=submitted",
            "received_from=2026-03-01&received_to=2026-03-01",
            "owner=durham",
            "level=high",
            "region=nerocu",
        ],
    )
    def test_filters_keep_what_matches(self, client_as: ClientAs, query: str) -> None:
        with everything():
            report = ReportFactory(received_on=date(2026, 3, 1))
            ClaimFactory(report=report, group=a_group())
        page = client_as("owner_analyst").get(f"/reports/?{query}")
        assert len(page.context["rows"]) == 1

    def test_group_filter_is_by_what_the_reader_sees(self, client_as: ClientAs) -> None:
        """The mention is stricter than its report: its existence is not told."""
        with everything():
            narrow, report = a_group(sharing="organisation"), ReportFactory()
            MentionFactory(report=report, group=narrow)
        query = f"/reports/?group={narrow.public_id}"
        assert len(client_as("owner_analyst").get(query).context["rows"]) == 1
        page = client_as("rocu_lead").get(query)
        assert page.context["rows"] == []
        whole = client_as("rocu_lead").get("/reports/").content.decode()
        assert report.reference in whole
        assert narrow.reference not in whole

    def test_filter_by_record_is_named_on_its_chip(self, client_as: ClientAs) -> None:
        with everything():
            group = a_group()
        for name, label in (("group", "Group"), ("nominal", "Person")):
            page = client_as("owner_analyst").get(f"/reports/?{name}={group.public_id}")
            assert [one["text"] for one in page.context["shown"].chosen] == [label]

    def test_unknown_parameter_names_the_valid_ones(self, client_as: ClientAs) -> None:
        page = client_as("owner_analyst").get("/reports/?colour=red")
        assert page.status_code == 400

    @pytest.mark.parametrize("query", ["received_from=soon", "source=9", "owner=zz"])
    def test_wrong_value_is_said_beside_the_filter(
        self, client_as: ClientAs, query: str
    ) -> None:
        with everything():
            ReportFactory()
        page = client_as("owner_analyst").get(f"/reports/?{query}")
        assert page.status_code == 400
        assert page.context["rows"] == []
        assert "There is a problem" in page.content.decode()

    def test_pages_hold_every_report_once(self, client_as: ClientAs) -> None:
        with everything():
            today = timezone.localdate()
            made = {
                ReportFactory(received_on=today - timedelta(days=n % 3)).reference
                for n in range(60)
            }
        client, address, seen = client_as("owner_analyst"), "/reports/", []
        while address:
            page = client.get(address)
            seen += [row[0]["text"] for row in page.context["rows"]]
            address = page.context["shown"].next_url
        assert len(seen) == 60
        assert set(seen) == made

    def test_search_keeps_its_words_out_of_the_address(
        self, client_as: ClientAs
    ) -> None:
        with everything():
            found = ReportFactory(text="A white van at the harbour.")
            ReportFactory(text="A quarrel.")
            hidden = ReportFactory(
                text="Another van at the harbour.", sharing="organisation"
            )
        client = client_as("rocu_lead")
        answer = client.post("/reports/search/", {"q": "harbour van"})
        assert "harbour" not in answer["Location"]
        page = client.get(answer["Location"])
        assert [row[0]["text"] for row in page.context["rows"]] == [found.reference]
        assert hidden.reference not in page.content.decode()
        assert page.context["search"] == "harbour van"

    def test_search_of_another_user_is_refused(self, client_as: ClientAs) -> None:
        answer = client_as("owner_analyst").post("/reports/search/", {"q": "harbour"})
        page = client_as("owner_supervisor").get(answer["Location"])
        assert page.status_code == 400
        assert "harbour" not in page.content.decode()


class TestPage:
    def test_by_the_cast(self, client_as: ClientAs) -> None:
        with everything():
            report = ReportFactory(
                handling="C",
                handling_condition={"recipients": "region", "note": "Ask first."},
                legacy_grade="C31",
            )
        address = f"/reports/{report.public_id}/"
        for name in SEES_DURHAM:
            body = client_as(name).get(address).content.decode()
            assert report.text in body
            assert "Ask first." in body
            assert "C31" in body
        for name in BLIND:
            hidden = client_as(name).get(address)
            absent = client_as(name).get(f"/reports/{ABSENT}/")
            assert (hidden.status_code, absent.status_code) == (404, 404)
        for name in NO_VIEW:
            assert client_as(name).get(address).status_code == 403

    def test_what_it_mentions_and_claims(
        self, client_as: ClientAs, audited: Audited
    ) -> None:
        with everything():
            report, group = ReportFactory(), a_group(name="Harbour crew")
            hidden = a_group(name="Quiet crew", sharing="organisation")
            MentionFactory(report=report, group=group)
            MentionFactory(report=report, group=hidden)
            ClaimFactory(report=report, group=group)
        body = client_as("rocu_lead").get(f"/reports/{report.public_id}/")
        assert "Harbour crew" in body.content.decode()
        assert "Quiet crew" not in body.content.decode()
        assert body.context["claims"][0][0]["text"] == "Violence"
        assert consulted(audited, "intelligence.Report") == [[report.pk]]

    def test_links_to_change_only_for_those_who_may(self, client_as: ClientAs) -> None:
        with everything():
            report = ReportFactory()
        address = f"/reports/{report.public_id}/"
        assert client_as("owner_analyst").get(address).context["may_change"]
        assert client_as("rocu_lead").get(address).context["may_change"]
        assert not client_as("nca_officer").get(address).context["may_change"]
        with everything():
            Report.objects.update(state="withdrawn", state_reason="Wrong.")
        assert not client_as("owner_analyst").get(address).context["may_change"]

    def test_bad_grade_is_said(self, client_as: ClientAs) -> None:
        with everything():
            report = ReportFactory(source_grade=3)
        page = client_as("owner_analyst").get(f"/reports/{report.public_id}/")
        assert "move no score" in page.content.decode()


class TestOriginal:
    @pytest.fixture
    def report(self, db: None) -> Report:
        with everything():
            report = ReportFactory()
            ReportOriginal.objects.create(
                report=report,
                owner=report.owner,
                access_class_id=labels.join_of(
                    [report.access_class_id, class_of(report.owner, "organisation")]
                ),
                text="As it came.",
                sha256="0" * 64,
            )
            return report

    def test_by_the_cast(self, client_as: ClientAs, report: Report) -> None:
        address = f"/reports/{report.public_id}/original/"
        for name, status in (
            ("owner_analyst", 200),
            ("owner_supervisor", 200),
            ("rocu_lead", 404),
            ("nca_officer", 404),
            ("other_analyst", 404),
            ("auditor", 403),
            ("administrator", 403),
        ):
            page = client_as(name).get(address)
            assert page.status_code == status, name
            assert ("As it came." in page.content.decode()) is (status == 200), name

    def test_reading_is_recorded(
        self, client_as: ClientAs, report: Report, audited: Audited
    ) -> None:
        client_as("owner_analyst").get(f"/reports/{report.public_id}/original/")
        assert consulted(audited, "intelligence.ReportOriginal") == [
            [report.original.pk]
        ]

    def test_link_stands_only_for_those_who_may(
        self, client_as: ClientAs, report: Report
    ) -> None:
        address = f"/reports/{report.public_id}/"
        assert client_as("owner_analyst").get(address).context["has_original"]
        assert not client_as("rocu_lead").get(address).context["has_original"]


class TestWithdraw:
    def test_with_a_reason(self, client_as: ClientAs) -> None:
        with everything():
            report = ReportFactory()
        address = f"/reports/{report.public_id}/withdraw/"
        client = client_as("owner_analyst")
        assert "cannot be brought back" in client.get(address).content.decode()
        empty = client.post(address, {"version": 1, "reason": ""})
        assert "reason" in empty.context["form"].errors
        done = client.post(address, {"version": 1, "reason": "Wrong yard."})
        assert done["Location"] == f"/reports/{report.public_id}/"
        with everything():
            report.refresh_from_db()
            assert report.state == "withdrawn"

    def test_stale_version_keeps_the_reason(self, client_as: ClientAs) -> None:
        with everything():
            report = ReportFactory()
        page = client_as("owner_analyst").post(
            f"/reports/{report.public_id}/withdraw/",
            {"version": 5, "reason": "Wrong yard."},
        )
        assert "Wrong yard." in page.content.decode()
        assert "Someone changed" in page.content.decode()

    def test_by_the_cast(self, client_as: ClientAs) -> None:
        with everything():
            report = ReportFactory()
        for name, status in (
            ("rocu_lead", 200),
            ("nca_officer", 403),
            ("other_analyst", 404),
            ("administrator", 403),
        ):
            page = client_as(name).get(f"/reports/{report.public_id}/withdraw/")
            assert page.status_code == status, name


class TestForGroup:
    def test_shows_its_reports_and_claims(
        self, client_as: ClientAs, audited: Audited
    ) -> None:
        with everything():
            group, other = a_group(), a_group(name="Other crew")
            report, elsewhere = ReportFactory(), ReportFactory()
            ClaimFactory(report=report, group=group)
            MentionFactory(report=elsewhere, group=other)
        page = client_as("owner_analyst").get(
            f"/groups/{group.public_id}/intelligence/"
        )
        body = page.content.decode()
        assert report.reference in body
        assert elsewhere.reference not in body
        assert page.context["claims"][0][0]["text"] == "Violence"
        assert consulted(audited, "groups.CrimeGroup") == [[group.pk]]

    def test_by_the_cast(self, client_as: ClientAs) -> None:
        with everything():
            group = a_group()
        address = f"/groups/{group.public_id}/intelligence/"
        for name in SEES_DURHAM:
            assert client_as(name).get(address).status_code == 200, name
        for name in BLIND:
            assert client_as(name).get(address).status_code == 404, name
        for name in NO_VIEW:
            assert client_as(name).get(address).status_code == 403, name
