"""Every table that a score is made of leaves its mark, and no other table needs to."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from accounts.models import TagHolder
from groups.models import CrimeGroup, GroupThreat, Membership
from intelligence.models import AttributeClaim, Mention, Report
from scoring.assembly import rows
from scoring.engine import CATALOGUE
from scoring.marking import EVIDENCE_TABLES, PROFILE_TABLES, SOURCES, trigger_sql
from scoring.models import BandDecision, Judgement, JudgementCitation, Outbox, Receipt
from tests.factories.scoring import World

pytestmark = pytest.mark.django_db

# Marked for their receipts alone: they move no figure.
ONLY_RECEIPTS = {"intelligence_mention"}


def tables_read() -> set[str]:
    text = " ".join(rows.STATEMENTS)
    return set(re.findall(r"(?:from|join) ([a-z]+_[a-z]+)\b", text))


def test_sources_are_the_tables_that_the_assembly_reads() -> None:
    assert len(tables_read()) >= 8
    assert {source.table for source in SOURCES} - ONLY_RECEIPTS == tables_read(), (
        "scoring.assembly.rows reads a table that scoring.marking does not mark, or "
        "the other way round: add a Source."
    )


def test_statements_are_all_of_the_module() -> None:
    written = {
        value for name, value in vars(rows).items() if name.isupper() and name[0] != "_"
    } - {rows.STATEMENTS}
    assert written == set(rows.STATEMENTS)


def test_evidence_is_all_that_has_a_label_of_its_own() -> None:
    with_group = {
        match[1] for match in re.finditer(r"from ([a-z_]+) e\b", str(rows.STATEMENTS))
    }
    assert set(EVIDENCE_TABLES) == with_group - {
        "groups_crimegroup",  # held by a trigger of its own, its lines are children
        "scoring_judgementcitation",  # has no group of its own; its judgement stands
    }


@pytest.mark.usefixtures("as_system")
def test_triggers_stand_in_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tgrelid::regclass::text, tgname, prosecdef "
            "from pg_trigger join pg_proc p on p.oid = tgfoid "
            "where tgenabled = 'O' and not tgisinternal "
            "and (tgname like 'mark!_%' escape '!' or tgname = 'evidence_raised')"
        )
        found = {(table, name): definer for table, name, definer in cursor.fetchall()}
    wanted = {
        (source.table, f"mark_{source.table}_{event}")
        for source in SOURCES
        for event in ("insert", "update", "delete")
    }
    wanted |= {(table, "mark_profiles") for table in PROFILE_TABLES}
    wanted |= {(table, "evidence_raised") for table in EVIDENCE_TABLES}
    assert set(found) == wanted
    assert all(found.values()), "a submitter's own policies would lose marks"


def test_laying_the_triggers_again_is_harmless() -> None:
    statements = trigger_sql()
    assert len(statements) > 40
    assert all("create or replace" in one or "alter table" in one for one in statements)


def marked_by(change: Callable[[], Any]) -> set[int | None]:
    last = Outbox.objects.aggregate(last=Max("id"))["last"] or 0
    change()
    marks = Outbox.objects.filter(id__gt=last)
    return set(marks.values_list("group_id", flat=True))


def test_every_kind_of_change_marks_its_groups(world: World) -> None:
    group, other = world.group(world.label()), world.group(world.label())
    claim = world.claim(group, world.label())
    second = world.claim(
        other, world.label(), attribute="violence", report=claim.report
    )
    judgement = world.judgement(group, world.label(), cites=[claim.report])
    member = world.member(group, world.label())
    threat = world.threat(group, world.label())
    decision = world.decision(group, world.label())
    Mention.objects.create(
        report=claim.report,
        group=other,
        owner=group.owner,
        access_class=group.access_class,
    )

    def update(model: Any, row: Any, **values: Any) -> Callable[[], Any]:
        return lambda: model.objects.filter(pk=row.pk).update(**values)

    one, both = {group.pk}, {group.pk, other.pk}
    assert marked_by(update(CrimeGroup, group, tier="national")) == one
    assert marked_by(update(Report, claim.report, state="withdrawn")) == both
    assert marked_by(update(AttributeClaim, claim, level="low")) == one
    assert marked_by(update(Judgement, judgement, level="nil")) == one
    assert marked_by(update(Membership, member, standing="principal")) == one
    assert marked_by(update(GroupThreat, threat, is_predominant=False)) == one
    assert marked_by(update(BandDecision, decision, band="2b")) == one
    assert marked_by(update(AttributeClaim, second, group=group)) == both
    assert marked_by(JudgementCitation.objects.all().delete) == one
    assert marked_by(AttributeClaim.objects.all().delete) == one
    assert marked_by(Mention.objects.all().delete) == {other.pk}


def test_plain_sql_and_many_rows_mark_too(world: World) -> None:
    groups = [world.group(world.label()) for _ in range(3)]

    def change() -> None:
        with connection.cursor() as cursor:
            cursor.execute("update groups_crimegroup set tier = 'regional'")

    assert marked_by(change) == {group.pk for group in groups}


def test_changes_of_readers_mark_the_profiles(world: World) -> None:
    user = world.reader("a")

    def sign_in() -> None:
        type(user).objects.filter(pk=user.pk).update(shortcuts_off=True)

    assert marked_by(sign_in) == set()
    assert marked_by(TagHolder.objects.filter(user=user).delete) == {None}
    assert marked_by(lambda: world.reader("b")) == {None}


def test_receipt_of_each_group_carries_the_join(world: World) -> None:
    group, other = world.group(world.label("a")), world.group(world.label("b", 2))
    claim = world.claim(group, world.label("c"))
    world.claim(other, world.label("c"), report=claim.report)
    found = {one.group_id: one.access_class.label for one in Receipt.objects.all()}
    assert found == {group.pk: world.label("ac"), other.pk: world.label("bc", 2)}


@pytest.mark.parametrize("kind", ["claim", "judgement"])
def test_the_database_refuses_an_unknown_attribute(world: World, kind: str) -> None:
    group = world.group(world.label())
    assert "weather" not in CATALOGUE
    with pytest.raises(IntegrityError, match="catalogue"), transaction.atomic():
        getattr(world, kind)(group, world.label(), attribute="weather")
