"""A second version of the primary scheme: loaded, frozen, adopted, and in effect."""

import datetime
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.access import acting_for
from accounts.models import AuditEvent
from accounts.visibility import Viewer
from ocgmap.common.errors import NotFound
from scoring import outbox, picture
from scoring.actions import bands as bands_of
from scoring.actions import schemes
from scoring.assembly import primary_in_use, scheme_by, schemes_in_use
from scoring.exceptions import NotAdoptable, OwnConfirmation, SchemesNotLoaded
from scoring.models import Outbox, OutboxDead, PictureLine, SchemeVersion
from scoring.outbox import DrainResult
from scoring.reconciling import reconcile
from scoring.scores import band_as_seen, score_then, scores_of
from tests.cast import As
from tests.factories.schemes import version_file, version_rows
from tests.factories.scoring import DRUGS, World, primary, today
from tests.integration.scoring.conftest import Read

pytestmark = pytest.mark.django_db

Drain = Callable[[], DrainResult]
DAY = datetime.timedelta(days=1)


def tomorrow() -> datetime.date:
    return today() + DAY


def loaded(folder: Path, version: str = "2", **said: object) -> SchemeVersion:
    rows = version_rows(version, **{"from_on": tomorrow(), **said})  # type: ignore[arg-type]
    call_command("load_scheme", version_file(folder, rows), stdout=StringIO())
    return SchemeVersion.objects.get(version=version, name="ocgm16-local")


def heavier(folder: Path) -> SchemeVersion:
    return loaded(folder, weights={DRUGS: 2})


def test_a_version_is_loaded_as_proposed_and_scores_nothing(
    world: World, drain: Drain, tmp_path: Path
) -> None:
    world.group(world.label())
    drain()
    in_use = schemes_in_use()
    version = heavier(tmp_path)
    assert (version.status, version.is_primary) == ("proposed", False)
    assert schemes_in_use() == in_use
    assert not Outbox.objects.exists()
    said = AuditEvent.objects.filter(reason="ocgm16-local 2 loaded as proposed")
    event = said.latest("id")  # an earlier test may have committed as much
    assert event.object_ids == [version.pk]
    # Each line keeps its source and how far it may be relied on.
    assert {row[4] for row in version.rows or ()} == {"Invented for a test"}
    # The schemes of the code are loaded again after each migrate.
    call_command("load_schemes", stdout=StringIO())
    assert primary().version == "1"


def test_the_same_file_again_changes_nothing_and_an_edited_one_is_refused(
    world: World, tmp_path: Path
) -> None:
    heavier(tmp_path)
    out = StringIO()
    call_command("load_scheme", str(tmp_path / "version.csv"), stdout=out)
    assert "was loaded before: nothing changed" in out.getvalue()
    with pytest.raises(CommandError, match="loaded and frozen") as caught:
        loaded(tmp_path, weights={DRUGS: 3})
    assert caught.value.returncode == 2
    resourced = [
        row._replace(source="Somebody else")
        for row in version_rows(weights={DRUGS: 2}, from_on=tomorrow())
    ]
    with pytest.raises(CommandError, match="loaded and frozen"):
        call_command("load_scheme", version_file(tmp_path, resourced))
    assert SchemeVersion.objects.filter(version="2").count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"kind,axis\n", "line 0, file: The first line must name the columns"),
        (b"\xff", "UTF-8"),
    ],
)
def test_a_bad_file_is_refused_with_exit_code_two(
    world: World, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=said) as caught:
        call_command("load_scheme", str(path))
    assert caught.value.returncode == 2


@pytest.mark.parametrize("given", [[], ["/nowhere/at.csv"]])
def test_a_missing_file_is_told(world: World, given: list[str]) -> None:
    with pytest.raises(CommandError, match="file: "):
        call_command("load_scheme", *given)


def test_the_template_can_be_loaded_under_another_version(
    world: World, tmp_path: Path
) -> None:
    out = StringIO()
    call_command("load_scheme", template=True, stdout=out)
    text = out.getvalue().replace("scheme,,version,1,", "scheme,,version,2,")
    path = tmp_path / "next.csv"
    path.write_text(text)
    call_command("load_scheme", str(path), stdout=StringIO())
    assert SchemeVersion.objects.get(version="2").status == "proposed"


def test_a_table_that_was_edited_in_the_database_scores_nothing(
    world: World, tmp_path: Path
) -> None:
    version = heavier(tmp_path)
    schemes.adopt(name=version.name, version="2", reason="Agreed by the board")
    version.refresh_from_db()
    rows = version.rows or []
    rows[-1][3] = "0" if rows[-1][3] != "0" else "1"
    SchemeVersion.objects.filter(pk=version.pk).update(rows=rows)
    with pytest.raises(SchemesNotLoaded, match="not the table that was loaded"):
        schemes_in_use()


def test_what_cannot_be_adopted(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No version 7"):
        call_command("adopt_scheme", "7", reason="Why")
    loaded(tmp_path, "2", from_on=today())
    with pytest.raises(CommandError, match="on a day to come"):
        call_command("adopt_scheme", "2", reason="Why")
    loaded(tmp_path, "3", from_on=tomorrow() + DAY)
    with pytest.raises(CommandError, match="reason"):
        call_command("adopt_scheme", "3", reason=" ")
    call_command("adopt_scheme", "3", reason="Agreed", stdout=StringIO())
    with pytest.raises(NotAdoptable, match="adopted already"):
        schemes.adopt(name="ocgm16-local", version="3", reason="Again")
    loaded(tmp_path, "4")
    with pytest.raises(NotAdoptable, match="follows those before it"):
        schemes.adopt(name="ocgm16-local", version="4", reason="Earlier")
    with pytest.raises(NotFound):
        schemes.adopt(name="sleipnir-2000", version="2", reason="None")


def bands(
    read: Read, viewer: Viewer, at: datetime.date | None = None
) -> dict[str, int]:
    return {band: n for band, n in read(viewer, at=at).bands.items() if n}


def test_figures_are_those_of_the_version_in_effect_on_their_day(
    world: World,
    drain: Drain,
    read: Read,
    tmp_path: Path,
    time_machine_to: Callable[[datetime.date], None],
) -> None:
    viewer = world.viewer("")
    group = world.group(world.label())
    for attribute in primary_in_use().scheme.attribute_keys():
        if attribute != DRUGS:
            world.judgement(group, world.label(), "nil", attribute)
    world.claim(group, world.label(), "high", DRUGS)
    drain()
    PictureLine.objects.update(valid_from=datetime.datetime.now(datetime.UTC) - 5 * DAY)
    assert bands(read, viewer) == {"4c": 1}

    version = heavier(tmp_path)
    schemes.adopt(name=version.name, version="2", reason="Agreed by the board")
    drain()
    # Scored by both until the day, and counted by the former.
    assert [one.scheme.version for one in schemes_in_use()] == ["1", "1", "2"]
    assert PictureLine.objects.at(None).filter(group=group).count() == 3
    assert bands(read, viewer) == {"4c": 1}
    with acting_for(viewer, route="test"):
        shown = [view.scheme.version for view in scores_of(viewer, group)]
        assert shown == ["1", "1"]
    assert reconcile().differences == []

    time_machine_to(tomorrow())
    outbox.sweep(today())
    drain()
    # The database did not travel.
    PictureLine.objects.exclude(valid_to=None).update(valid_to=timezone.now())
    assert primary().version == "2"
    assert [one.scheme.version for one in schemes_in_use()] == ["1", "2"]
    assert bands(read, viewer) == {"3c": 1}
    assert read(viewer).version == "2"
    yesterday = today() - DAY
    assert bands(read, viewer, yesterday) == {"4c": 1}
    assert read(viewer, at=yesterday).version == "1"
    with acting_for(viewer, route="test"):
        assert (
            picture.lines(viewer, picture.NATIONAL, yesterday).get().computed_band
            == "4c"
        )
        past = score_then(viewer, group, picture.moment_of(yesterday).instant)
        assert past is not None
        assert past.result.scheme.version == "1"
        assert band_as_seen(viewer, group).scheme is scheme_by(primary())
        [move] = picture.movement(viewer, picture.NATIONAL, yesterday).moves
        assert (move.group_id, move.band) == (group.pk, "3c")
        spells = picture.band_history(viewer, group)
        assert [one.line.computed_band for one in spells] == ["3c", "4c"]
        assert [
            point.groups for point in picture.trend(viewer, picture.NATIONAL, today())
        ]
    # It takes effect once.
    Outbox.objects.all().delete()
    outbox.sweep(today())
    assert not Outbox.objects.filter(group_id=group.pk).exists()
    # For the database it is still to come that the former lines end.
    assert {one.kind for one in reconcile().differences} == {"future"}
    assert (
        not PictureLine.objects.at(None)
        .filter(scheme_version__version="1")
        .exclude(scheme_version__name="sleipnir-2000")
    )


def test_a_version_waits_for_the_last_group(
    world: World,
    drain: Drain,
    tmp_path: Path,
    time_machine_to: Callable[[datetime.date], None],
) -> None:
    world.viewer("")
    for _ in range(2):
        world.group(world.label())
    drain()
    version = heavier(tmp_path)
    schemes.adopt(name=version.name, version="2", reason="Agreed by the board")
    drain()
    line = PictureLine.objects.filter(scheme_version=version).first()
    assert line is not None
    PictureLine.objects.filter(pk=line.pk).delete()
    Outbox.objects.all().delete()
    time_machine_to(tomorrow())
    outbox.sweep(today())
    assert primary().version == "1"
    OutboxDead.objects.create(group_id=line.group_id, error="x", at=timezone.now())
    outbox.sweep(today())
    assert primary().version == "2"


def test_under_a_new_version_nobody_confirms_their_own(
    world: World,
    drain: Drain,
    tmp_path: Path,
    acting: As,
    time_machine_to: Callable[[datetime.date], None],
) -> None:
    """A decision under the former version settles nothing under the next."""
    group = world.group(world.label())
    with acting("owner_supervisor") as by:
        for attribute in primary_in_use().scheme.attribute_keys():
            world.judgement(
                group, world.label(), "low", attribute, created_by_id=by.user_id
            )
    drain()
    decision = world.decision(group, world.label(), "5c")
    assert decision.pk
    version = heavier(tmp_path)
    schemes.adopt(name=version.name, version="2", reason="Agreed by the board")
    drain()
    time_machine_to(tomorrow())
    outbox.sweep(today())
    with acting("owner_supervisor") as by:
        band = band_as_seen(by, group).band
        with pytest.raises(OwnConfirmation):
            bands_of.confirm(by=by, group=group, band=band, reason="It is so.")
