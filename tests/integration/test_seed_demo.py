"""The demonstration: in every state, through the actions, once and never twice."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.access import acting_for, viewer_of
from accounts.models import Organisation, Tag, TagHolder, User
from accounts.visibility import Viewer
from groups.models import (
    CrimeGroup,
    GroupLink,
    Identifier,
    Involvement,
    Membership,
    ModerationRule,
    Nominal,
    PersonLink,
)
from groups.models.crime_group import ActivityStatus, RecordState
from groups.models.participation import InvolvementKind, Standing
from intelligence.clashes import clashes_of
from intelligence.models import Assurance, AssuranceRule, Mention, Report, Return
from intelligence.models.assurance import Outcome
from intelligence.models.report import ReportState
from ocgmap.common.acting import acting_as
from ocgmap.common.records import Fact
from ocgmap.common.scope import system
from scoring import picture
from scoring.actions.reference import load_schemes
from scoring.demonstration import cast
from scoring.engine import INSUFFICIENT, PRIMARY
from scoring.models import BandDecision, Outbox, PictureLine, Receipt
from scoring.scores import score_of
from tests.real_data import real_data

FICTIONAL = re.compile(r"\+44(7700900\d{3}|1632960\d{3})")
REGISTRATION = re.compile(r"[A-Z]{2}0[01][A-Z]{3}")


@dataclass(frozen=True)
class Said:
    """What one run of the command printed."""

    out: str
    err: str


def seed() -> Said:
    out, err = StringIO(), StringIO()
    with override_settings(DEMONSTRATION=True):
        call_command("seed_demo", stdout=out, stderr=err, no_color=True)
    return Said(out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Said]:
    """Seed once for this module; everything is taken back at the end."""
    with (
        django_db_blocker.unblock(),
        acting_as(system("test")),
        transaction.atomic(),
    ):
        load_schemes()
        yield seed()
        transaction.set_rollback(True)


@pytest.fixture
def acting(demo: Said) -> Callable[[str], AbstractContextManager[Viewer]]:
    """Return a context in which a demo account acts."""

    def act(key: str) -> AbstractContextManager[Viewer]:
        user = User.objects.get(email=f"{key}@{cast.DOMAIN}")
        return acting_for(viewer_of(user), route="test")

    return act


def names_seen(viewer: Viewer) -> set[str]:
    rows = CrimeGroup.objects.visible_to(viewer).values_list("name", flat=True)
    return {name.split()[0] for name in rows}


def rows_of_every_table() -> dict[str, int]:
    """Count the rows of every table of the project, history and audit included."""
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.app_label in {"accounts", "groups", "intelligence", "scoring"}
    }


# The command


def test_is_refused_outside_a_demonstration(demo: Said) -> None:
    before = rows_of_every_table()
    with (
        override_settings(DEMONSTRATION=False),
        pytest.raises(CommandError, match="OCGMAP_DEMONSTRATION=1"),
    ):
        call_command("seed_demo")
    assert rows_of_every_table() == before


def test_prints_the_accounts_on_standard_output_and_progress_apart(demo: Said) -> None:
    for account in cast.ACCOUNTS:
        assert account.email in demo.out
    assert cast.PASSWORD in demo.out
    assert "CAVIAR" in demo.out
    assert "lines of the picture" in demo.err
    assert "groups" not in demo.out.splitlines()[0]


def test_a_second_run_writes_nothing_and_says_so(demo: Said) -> None:
    before = rows_of_every_table()
    again = seed()
    assert rows_of_every_table() == before
    assert "nothing was written" in again.err
    assert again.out == demo.out


def test_the_password_is_one_that_the_site_would_take() -> None:
    validate_password(cast.PASSWORD)
    assert len(cast.PASSWORD) >= 15


def test_the_exhibit_is_eleven_dated_returns(demo: Said) -> None:
    group = CrimeGroup.objects.get(
        name__regex=r"^(CAVIAR|Synthetic network) \(research exhibit\)$"
    )
    about = Report.objects.filter(mentions__group=group)
    periods = set(about.values_list("returned_in__from_on", "returned_in__to_on"))
    assert len(periods) == about.count() == 11
    assert all((last - first).days in range(58, 62) for first, last in periods)
    expected = 104 if group.name.startswith("CAVIAR") else 60
    assert Membership.objects.filter(group=group).count() >= expected


def test_published_networks_stand_beside_it_where_they_are_at_hand(demo: Said) -> None:
    real_data("networks", "london_gang", "nodes.csv")
    london = CrimeGroup.objects.get(name="London gang (research exhibit)")
    assert Membership.objects.filter(group=london).count() == 54
    people = Membership.objects.filter(group=london).values("nominal_id")
    assert PersonLink.objects.filter(a_id__in=people, b_id__in=people).count() == 315
    gangs = CrimeGroup.objects.filter(name__startswith="Montreal street gang ")
    assert gangs.count() == 35
    assert GroupLink.objects.filter(a__in=gangs, b__in=gangs).count() == 78
    for group in (london, *gangs):
        assert group.name.endswith("(research exhibit)")
        assert group.activity_status == ActivityStatus.ARCHIVED
        assert group.owner.code == "nca"
        requires = group.access_class.requires
        assert list(
            Tag.objects.filter(pk__in=requires).values_list("code", flat=True)
        ) == ["org:nca"]
    assert "London gang" in demo.out
    assert "Montreal" in demo.out


def test_what_the_files_say_of_people_is_not_read(demo: Said) -> None:
    real_data("networks", "montreal_street_gangs", "nodes.csv")
    names = CrimeGroup.objects.filter(name__endswith="(research exhibit)").values_list(
        "name", flat=True
    )
    assert not [name for name in names if "Bo-Gars" in name or "Outlaws" in name]


def test_everyone_can_sign_in_with_it(demo: Said) -> None:
    user = User.objects.get(email="analyst.durham@demo.example")
    assert user.is_active
    assert user.check_password(cast.PASSWORD)


# What stands there


def test_groups_stand_in_every_state(demo: Said) -> None:
    rows = CrimeGroup.objects.all()
    assert set(rows.values_list("record_state", flat=True)) == set(RecordState)
    assert set(rows.values_list("activity_status", flat=True)) == set(ActivityStatus)
    assert rows.filter(review_on__lt=timezone.localdate()).exists()


def test_people_have_every_standing_and_every_involvement(demo: Said) -> None:
    standings = set(Membership.objects.values_list("standing", flat=True))
    assert standings == set(Standing)
    assert set(Involvement.objects.values_list("kind", flat=True)) == set(
        InvolvementKind
    )
    assert Nominal.objects.filter(is_identified=False).exists()


def test_no_victim_is_a_member(demo: Said) -> None:
    safeguarded = Involvement.objects.filter(kind__in=["victim", "exploited"])
    assert safeguarded.count() >= 8
    assert not Membership.objects.filter(
        nominal_id__in=safeguarded.values("nominal_id")
    ).exists()


def test_reports_carry_every_grade_and_state(demo: Said) -> None:
    rows = Report.objects.all()
    assert rows.count() >= 60
    assert set(rows.values_list("source_grade", flat=True)) == {1, 2, 3}
    assert set(rows.values_list("assessment_grade", flat=True)) == set("ABCDE")
    assert set(rows.values_list("handling", flat=True)) == {"P", "C"}
    assert set(rows.values_list("state", flat=True)) == set(ReportState)
    assert rows.exclude(legacy_grade="").count() == 3
    conditions = rows.filter(handling="C").values_list("handling_condition", flat=True)
    assert {one["recipients"] for one in conditions} == {
        *("originator_only", "force_rocu_nca", "region", "uk_law_enforcement"),
    }


def test_one_region_moderates_and_what_waits_says_since_when(demo: Said) -> None:
    [rule] = ModerationRule.objects.all()
    assert (rule.body.code, rule.is_required) == ("yhrocu", True)
    waiting = CrimeGroup.objects.submitted()
    assert waiting.exists()
    assert not waiting.filter(submitted_at__isnull=True).exists()


def test_one_region_tries_assurance_with_a_report_in_every_state(demo: Said) -> None:
    [rule] = AssuranceRule.objects.all()
    assert (rule.body.code, rule.is_required) == ("yhrocu", True)
    assert set(Assurance.objects.values_list("outcome", flat=True)) == set(Outcome)
    region = Organisation.objects.placed_in(rule.body_id, timezone.localdate())
    for state in ("awaiting", "returned"):
        rows = Report.objects.filter(state=state)
        assert rows.exists()
        assert not rows.exclude(owner__in=region).exists(), state
    assert set(Receipt.objects.values_list("state", flat=True)) == {
        *("included", "awaiting", "returned"),
    }


def test_the_records_manager_has_a_review_a_hold_and_a_clash(
    demo: Said, acting: Callable[[str], AbstractContextManager[Viewer]]
) -> None:
    with acting("records.durham") as viewer:
        rows = CrimeGroup.objects.visible_to(viewer)
        assert rows.review_due_by(timezone.localdate()).exists()
        assert rows.on_legal_hold().exists()
        [clash], _ = clashes_of(viewer)
        assert {row.owner_reference for row in clash.records} == {"DURHAM/BH-17"}
    with acting("analyst.durham") as viewer:
        visible = Report.objects.visible_to(viewer)
        assert visible.filter(owner_reference="DURHAM/BH-17").count() == 1


def test_returns_are_received_nil_late_due_and_overdue(demo: Said) -> None:
    today = timezone.localdate()
    standings = {entry.standing_on(today) for entry in Return.objects.all()}
    assert standings == {"received", "nil", "late", "due", "overdue"}


def test_every_fact_has_a_rationale_or_a_citation(demo: Said) -> None:
    for model in apps.get_models():
        if not issubclass(model, Fact):
            continue
        bare = model._default_manager.filter(rationale="")
        name = model._meta.model_name
        if name in {field.name for field in Mention._meta.fields}:
            cited = Mention.objects.filter(**{f"{name}__isnull": False})
            bare = bare.exclude(pk__in=cited.values(f"{name}_id"))
        assert not bare.exists(), model._meta.label


def test_numbers_and_registrations_are_fictional(demo: Said) -> None:
    for row in Identifier.objects.filter(kind="phone"):
        assert FICTIONAL.fullmatch(row.normalised), row.value
    for row in Identifier.objects.filter(kind="vehicle"):
        assert REGISTRATION.fullmatch(row.normalised), row.value


def test_bands_are_confirmed_and_nothing_waits(demo: Said) -> None:
    assert BandDecision.objects.count() >= 6
    assert not Outbox.objects.filter(group_id__isnull=False).exists()
    assert PictureLine.objects.filter(computed_band=INSUFFICIENT).exists()


# Who sees what


def test_a_compartment_is_held_by_one_person_and_hides_its_group(
    acting: Callable[[str], AbstractContextManager[Viewer]],
) -> None:
    tag = f"compartment:{cast.HAWKMOTH}"
    [holding] = TagHolder.objects.filter(tag__code=tag)
    assert holding.user
    assert holding.user.email == "supervisor.durham@demo.example"
    with acting("supervisor.durham") as viewer:
        assert "Hawkmoth" in names_seen(viewer)
    for key in ("analyst.durham", "lead.nerocu", "nca.supervisor"):
        with acting(key) as viewer:
            assert "Hawkmoth" not in names_seen(viewer)


def test_a_group_may_be_hidden_from_region_and_nation(
    acting: Callable[[str], AbstractContextManager[Viewer]],
) -> None:
    with acting("analyst.northumbria") as viewer:
        assert "Ironbark" in names_seen(viewer)
    for key in ("lead.nerocu", "nca.officer", "analyst.durham"):
        with acting(key) as viewer:
            assert "Ironbark" not in names_seen(viewer)


def test_one_groups_picture_differs_by_reader_and_agrees_with_itself(
    acting: Callable[[str], AbstractContextManager[Viewer]],
) -> None:
    """Each reads another score, and finds the group under just that band."""
    bands, levels = {}, {}
    for key in ("analyst.durham", "lead.nerocu", "nca.officer"):
        with acting(key) as viewer:
            group = CrimeGroup.objects.visible_to(viewer).get(name="Quillmark group")
            score = score_of(viewer, group, PRIMARY)
            bands[key] = score.computed_band
            levels[key] = score.result.value, score.result.unknown_count
            [line] = (
                PictureLine.objects.visible_to(viewer)
                .filter(
                    group=group, valid_to=None, scheme_version=score.scheme_version_id
                )
                .order_by("-rank")[:1]
            )
            assert line.computed_band == score.computed_band, key
            # Every level that a report holds is held by one that this reader sees.
            seen = Report.objects.visible_to(viewer).filter(pk__in=score.reports)
            assert seen.count() == len(score.reports), key
    assert bands["analyst.durham"] == "3b"
    assert bands["lead.nerocu"] == "4b"
    assert len(set(levels.values())) == 3, levels


def test_the_group_of_the_readme_is_one_claim_below_the_next_band(
    acting: Callable[[str], AbstractContextManager[Viewer]],
) -> None:
    for key in ("analyst.durham", "lead.nerocu", "nca.officer"):
        with acting(key) as viewer:
            group = CrimeGroup.objects.visible_to(viewer).get(name="Larkspur group")
            score = score_of(viewer, group, PRIMARY)
            assert score.computed_band == "3b"
            levels = {one.factor.attribute: one.factor for one in score.factors}
            violence = levels["violent_criminal_activity"]
            assert (str(violence.level), violence.unjudged) == ("medium", True)
            assert score.result.axes[0].value == 10


def test_no_region_is_not_empty_and_the_exhibit_counts_nowhere(
    acting: Callable[[str], AbstractContextManager[Viewer]],
) -> None:
    exhibits = set(
        CrimeGroup.objects.filter(name__contains="exhibit").values_list("id", flat=True)
    )
    assert exhibits
    with acting("nca.officer") as viewer:
        nation = picture.parse_scope("national")
        figures = picture.figures_json(picture.read(viewer, nation, None))
        counted = picture.lines(viewer, nation)
        assert not exhibits & {line.group_id for line in counted}
    by_name = {region["name"].lower(): region for region in figures["regions"]}
    assert by_name["no region"]["groups"] >= 3
    assert figures["groups"] == sum(one["groups"] for one in figures["regions"])
