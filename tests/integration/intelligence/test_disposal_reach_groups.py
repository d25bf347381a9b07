"""A group that was disposed of is nowhere: one rare word in every text on it is gone."""

from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import AuditEvent, PastedList, SearchTerm, User
from groups.actions import identifiers, people
from groups.models import CrimeGroup, EntryDraft, Identifier, SavedSearch
from intelligence.models import AttributeClaim, Report
from ocgmap.disposal_sql import KEPT, plan
from scoring.models import (
    Assessment,
    Outbox,
    OutboxDead,
    PictureLine,
    Receipt,
    ScoreHead,
)
from scoring.outbox import drain_until_empty
from scoring.reconciling.past import past_differences
from tests.audited import Audited
from tests.cast import As, MakeUser
from tests.disposing import TOKEN, archived, disposed, everything, token_places
from tests.factories.groups import CrimeGroupFactory, NominalFactory, organisation
from tests.factories.intelligence import ReportFactory, a_group
from tests.hanging_on import fill

pytestmark = pytest.mark.django_db
NAME = f"{TOKEN} crew"


@pytest.fixture
def full(acting: As, make_user: MakeUser) -> CrimeGroup:
    """An archived group with a row in every table that can hang on it, and its scores."""
    account = make_user("owner_analyst")
    make_user("nca_officer")
    with acting("owner_analyst") as by:
        group: CrimeGroup = CrimeGroupFactory(
            by=by, name=NAME, summary=TOKEN, lead_officer=TOKEN, owner_reference=TOKEN
        )
        person = NominalFactory(by=by, surname="Marlow")
        handle = identifiers.record(
            by=by,
            owner=group.owner,
            group=group,
            kind="handle",
            value=f"@{TOKEN}",
            sharing="force",
            rationale=TOKEN,
        )
    with everything(), transaction.atomic():
        report = ReportFactory(text="Seen at the yard with others, twice.")
        CrimeGroup.objects.filter(pk=group.pk).update(record_state="mapped")
        group.refresh_from_db()
        fill(
            group,
            account,
            TOKEN,
            nominal=person,
            identifier=handle,
            report=report,
            other=a_group(name="Bridge team"),
        )
    drain_until_empty()
    with everything(), transaction.atomic():
        CrimeGroup.objects.filter(pk=group.pk).update(name=f"Former {TOKEN}")
        CrimeGroup.objects.filter(pk=group.pk).update(name=f"{NAME} again")
        _type_elsewhere(group, account)
    archived(group)
    drain_until_empty()
    return group


def _type_elsewhere(group: CrimeGroup, account: User) -> None:
    """Let colleagues have looked for the group, and begun to write about it."""
    own = {"owner": group.owner, "access_class_id": group.access_class_id}
    for text in (TOKEN, f"the {NAME}", group.reference):
        SearchTerm.objects.create(user=account, text=text)
    PastedList.objects.create(user=account, text=f"{group.reference}\n{TOKEN}")
    EntryDraft.objects.create(kind="group", data={"name": [TOKEN]}, **own)
    EntryDraft.objects.create(
        kind="report", data={"text": [f"Of the {NAME}, again."]}, **own
    )
    for name, text, query in (
        (TOKEN, "", {}),
        ("Mine", TOKEN.upper(), {}),
        ("Its reports", "", {"group": [str(group.public_id)], "q": [TOKEN]}),
    ):
        SavedSearch.objects.create(
            kind="groups", name=name, audience="private", text=text, query=query, **own
        )


def _rows_below(group_id: int) -> dict[str, int]:
    """Return how many rows of each table hang on a group, by the plan."""
    found: dict[str, int] = {}
    with everything(), transaction.atomic(), connection.cursor() as cursor:
        for table, where in plan(CrimeGroup):
            condition = where.replace("$1", str(int(group_id)))
            cursor.execute(f"select count(*) from {table} where {condition}")
            found[f"{table} {where}"] = cursor.fetchone()[0]
    return found


def test_a_group_is_nowhere_afterwards(
    acting: As, full: CrimeGroup, audited: Audited
) -> None:
    before = token_places()
    for place in (
        "groups_crimegroup.summary",
        "groups_crimegroupevent.name",
        "groups_groupalias.name",
        "groups_groupaliasevent.name",
        "groups_groupthreat.rationale",
        "groups_membershipevent.rationale",
        "groups_involvement.rationale",
        "groups_activity.modus",
        "groups_activityquantity.commodity",
        "groups_grouplink.rationale",
        "groups_transfer.reason",
        "groups_savedchart.name",
        "groups_identifier.value",
        "intelligence_retentionreview.reason",
        "intelligence_sharingchange.reason",
        "intelligence_sightmatch.reason",
        "intelligence_sightrequest.reason",
        "scoring_judgement.rationale",
        "scoring_judgementevent.rationale",
        "scoring_banddecision.reason",
        "scoring_analyticnote.text",
        "scoring_requirement.question",
        "scoring_requirementanswer.text",
        "scoring_secondscore.remarks",
        "accounts_pastedlist.text",
        "accounts_searchterm.text",
        "groups_entrydraft.data",
        "groups_savedsearch.name",
    ):
        assert place in before, f"the test puts the token at {place}"
    with everything():
        sealed = list(AuditEvent.objects.order_by("id").values())
    empty = [key for key, number in _rows_below(full.pk).items() if not number]
    assert not empty, "the test puts a row there"
    made = disposed(acting, full)
    assert made.kind == "groups"
    assert made.counts["groups_crimegroup"] == 1
    assert made.counts["scoring_judgement"] == 1
    assert token_places() == []
    assert not any(_rows_below(full.pk).values())
    [row] = audited(kind="erasure")
    assert (row.object_type, row.object_ids) == ("groups.CrimeGroup", [full.pk])
    with everything():
        audit = list(AuditEvent.objects.order_by("id").values())
        assert audit[: len(sealed)] == sealed, "nothing that is sealed is touched"
    with everything():
        assert not Identifier.objects.exists()
        assert Report.objects.count() == 1, "a report on it has a review of its own"
        assert CrimeGroup.objects.get().name == "Bridge team"


def test_its_scores_stay_as_ids_and_levels_and_none_is_of_now(
    acting: As, full: CrimeGroup
) -> None:
    with everything():
        kept = set(PictureLine.objects.filter(group_id=full.pk).values_list("pk"))
        scored = Assessment.objects.filter(group_id=full.pk).count()
        assert PictureLine.objects.filter(group_id=full.pk, valid_to=None).exists()
    assert len(KEPT) == 2
    disposed(acting, full)
    assert drain_until_empty().marks > 0
    with everything():
        lines = PictureLine.objects.filter(group_id=full.pk)
        assert set(lines.values_list("pk")) == kept
        assert not lines.filter(valid_to=None).exists()
        assert not lines.filter(is_disposed=False).exists()
        assert Assessment.objects.filter(group_id=full.pk).count() == scored > 0
        assert not ScoreHead.objects.filter(group_id=full.pk).exists()
        assert not Receipt.objects.exclude(state="included").exists()
        assert not Outbox.objects.exists()
        assert not OutboxDead.objects.exists()
        assert list(past_differences({})) == []
    assert token_places() == []


def test_a_report_that_waits_for_the_drain_is_not_stuck(acting: As) -> None:
    """Its receipt for the group goes; one for another group is included as ever."""
    with everything(), transaction.atomic():
        gone, other = (a_group(name=name) for name in ("First", "Second"))
        report = ReportFactory()
        for group in (gone, other):
            AttributeClaim.objects.create(
                owner=report.owner,
                access_class_id=report.access_class_id,
                report=report,
                group=group,
                attribute="violence",
                level="high",
            )
    archived(gone)
    disposed(acting, gone)
    with everything():
        waiting = Receipt.objects.get()
        assert (waiting.group_id, waiting.state) == (other.pk, "queued")
    drain_until_empty()
    with everything():
        assert Receipt.objects.get().state == "included"
        assert not OutboxDead.objects.exists()


@pytest.mark.parametrize(
    ("typed", "stays"),
    [
        pytest.param("Larkspur", False, id="the one word"),
        pytest.param("Larkspur Road", True, id="the word in what speaks of others"),
    ],
)
def test_a_name_of_one_word_is_looked_for_alone(
    acting: As, make_user: MakeUser, typed: str, stays: bool
) -> None:
    account = make_user("owner_analyst")
    with everything(), transaction.atomic():
        group = archived(a_group(name="Larkspur"))
        SearchTerm.objects.create(user=account, text=typed)
        EntryDraft.objects.create(
            kind="report",
            data={"text": [typed]},
            owner=group.owner,
            access_class_id=group.access_class_id,
        )
    disposed(acting, group)
    with everything():
        assert SearchTerm.objects.exists() is stays
        assert EntryDraft.objects.exists(), "nobody loses what they wrote for one word"


def test_an_identifier_that_a_person_uses_too_stays(acting: As) -> None:
    with acting("owner_analyst") as by:
        group = CrimeGroupFactory(by=by)
        person = people.create_nominal(
            by=by, owner=organisation(), sharing="force", surname="Marlow"
        )
        values: dict[str, Any] = {
            "by": by,
            "owner": group.owner,
            "kind": "email",
            "value": "shared@mail.example",
            "sharing": "force",
            "rationale": "Seen on the card",
        }
        identifiers.record(group=group, **values)
        identifiers.record(nominal=person, **values)
    disposed(acting, archived(group))
    with everything():
        assert Identifier.objects.get().normalised == "shared@mail.example"
