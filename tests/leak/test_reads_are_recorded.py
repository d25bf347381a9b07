"""Every page and address about a record leaves an audit row that names the record."""

import pytest
from django.apps import apps

from accounts.models import AuditEvent
from accounts.models.audit_event import AuditKind
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.leak.askers import READERS, Askers
from tests.leak.routes import ROUTES, Route
from tests.leak.test_routes import may, path_of, visible

pytestmark = pytest.mark.leak

MODELS = {
    "groups": "groups.CrimeGroup",
    "nominals": "groups.Nominal",
    "memberships": "groups.Membership",
    "involvements": "groups.Involvement",
    "reports": "intelligence.Report",
    "awaiting": "intelligence.Report",
    "submitted": "groups.CrimeGroup",
    "merged": "groups.CrimeGroup",
    "identifiers": "groups.Identifier",
    "certificates": "intelligence.DisposalCertificate",
    "compartments": "accounts.Tag",
    "exports": "accounts.LargeExport",
    "sharing_changes": "intelligence.SharingChange",
    "sight_matches": "intelligence.SightMatch",
    "subjects": "intelligence.SubjectRequest",
    "restricted": "groups.Nominal",
    "notices": "intelligence.CorrectionNotice",
    "posts": "intelligence.CorrectionNotice",
    "imports": "intelligence.ImportJob",
    "returns": "intelligence.Return",
    "second_scorings": "scoring.SecondScoring",
    "transfers": "groups.Transfer",
    "searches": "groups.SavedSearch",
    "charts": "groups.SavedChart",
    "drafts": "groups.EntryDraft",
    "report_drafts": "groups.EntryDraft",
    "person_drafts": "groups.EntryDraft",
    "notes": "scoring.AnalyticNote",
    "requirements": "scoring.Requirement",
    "what_ifs": "scoring.WhatIf",
}
READS = (AuditKind.CONSULTATION, AuditKind.DISCLOSURE)
# Those that show nothing of the record, each with the reason.
SILENT = {
    "intelligence:sight": "one's own request; what was given is recorded of the record",
}
DETAILS = {
    name: route
    for name, route in ROUTES.items()
    if route.about and route.get == 200 and name not in SILENT
}


def test_there_are_details_to_check() -> None:
    assert len(DETAILS) > 40
    assert set(MODELS) >= {route.about for route in DETAILS.values()}
    assert SILENT.keys() <= ROUTES.keys()


@pytest.mark.parametrize("lock", ["first"], indirect=True)  # it may read the audit
@pytest.mark.parametrize("name", DETAILS)
def test_reading_a_record_is_recorded(name: str, askers: Askers) -> None:
    route = DETAILS[name]
    asked = 0
    for who in (*READERS, *(["cell"] if route.needs == "holder" else [])):
        ids = visible(askers, who, route)
        if not ids or not may(askers, who, route, ids):
            continue
        before = reads_of(route, ids[0])
        answer = askers[who].ask("get", path_of(name, route, ids))
        assert answer.status_code == 200
        assert reads_of(route, ids[0]) > before, (
            f"{name} shows a record to {who} and no one will know: call "
            "accounts.audit.consulted or record_shown, or list it in SILENT"
        )
        asked += 1
    assert asked


def reads_of(route: Route, public_id: str) -> int:
    """Return how many audit rows tell that this record was shown."""
    model = apps.get_model(MODELS[route.about])
    with acting_as(system("test")):
        record = model._default_manager.get(public_id=public_id)
        return AuditEvent.objects.filter(
            kind__in=READS,
            object_type=MODELS[route.about],
            object_ids__contains=[record.pk],
        ).count()
