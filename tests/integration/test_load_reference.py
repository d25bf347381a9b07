"""Reference data in the database: whole, idempotent, and the right holders of tags."""

import datetime
import io
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts import audit
from accounts.access import viewer_of
from accounts.actions import audiences, reference
from accounts.models import (
    AuditEvent,
    Organisation,
    OrganisationPlacement,
    OrganisationSuccession,
    Tag,
    TagHolder,
    User,
)
from accounts.models.access_class import TagKind
from accounts.models.organisation import REGION_KINDS, Kind
from groups.actions import reference as code_lists
from groups.models import Offence, ThreatType
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system

TODAY = datetime.date(2026, 6, 1)
LATER = datetime.date(2026, 9, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _worker(db: None) -> Iterator[None]:
    with acting_as(system("test")):
        yield


def holders(tag: str, on: datetime.date = TODAY) -> set[str]:
    rows = TagHolder.objects.on(on).filter(tag__code=tag)
    return set(rows.values_list("organisation__code", flat=True))


def edited(tmp_path: Path, name: str, old: str, new: str) -> Path:
    folder = tmp_path / "reference"
    if not folder.exists():
        shutil.copytree(reference.FOLDER, folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return folder


# What stands there


def test_organisations_and_code_lists_are_counted() -> None:
    kinds = Counter(
        Organisation.objects.filter(to_on__isnull=True).values_list("kind", flat=True)
    )
    assert kinds[Kind.FORCE] == 48
    assert kinds[Kind.ROCU] == 9
    assert kinds[Kind.REGIONAL_ARRANGEMENT] == 1
    assert ThreatType.objects.count() == 10
    assert Offence.objects.count() == 136
    assert Offence.objects.filter(threat_type__isnull=False).count() == 55


def test_each_rocu_serves_three_to_seven_forces() -> None:
    rows = OrganisationPlacement.objects.on(TODAY)
    sizes = Counter(rows.values_list("parent__code", flat=True))
    assert sizes.pop("london") == 2
    assert len(sizes) == 9
    assert min(sizes.values()) == 3
    assert max(sizes.values()) == 7
    assert sum(sizes.values()) == 41


def test_the_region_of_durham_changed_its_name() -> None:
    durham = OrganisationPlacement.objects.filter(organisation__code="durham")
    assert durham.on(TODAY).get().parent.code == "nerocu"
    assert durham.on(datetime.date(2020, 1, 1)).get().parent.code == "nersou"
    assert OrganisationSuccession.objects.get().successor.code == "nerocu"


def test_kinds_of_the_files_are_those_of_the_tables() -> None:
    files = {str(kind) for kind in reference.records.OrganisationKind}
    assert files == set(Kind.values)
    crossed = {key for one in ThreatType.objects.all() for key in one.crosswalk}
    assert crossed < reference.records.CRIMINALITY_ATTRIBUTES


# Who holds what


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        pytest.param("org:durham", {"durham"}, id="own"),
        pytest.param("force:durham", {"durham", "nerocu", "nca"}, id="force"),
        pytest.param("force:btp", {"btp", "nca"}, id="force-without-region"),
        pytest.param("force:nerocu", {"nerocu", "nca"}, id="region-as-owner"),
        pytest.param("force:hmrc", {"hmrc", "nca"}, id="agency"),
        pytest.param(
            "region:nerocu",
            {"nerocu", "durham", "northumbria", "cleveland", "nca"},
            id="region",
        ),
        pytest.param(
            "region:london",
            {"london", "metropolitan", "city-of-london", "nca"},
            id="ldn",
        ),
        pytest.param("org:nersou", {"nerocu"}, id="heir-of-own"),
        pytest.param("force:nersou", {"nerocu", "nca"}, id="heir-of-force"),
        pytest.param(
            "region:nersou",
            {"nerocu", "durham", "northumbria", "cleveland", "nca"},
            id="heir-of-region",
        ),
        pytest.param("compartment:safeguarding", set(), id="safeguarding"),
        pytest.param("compartment:corruption", set(), id="corruption"),
    ],
)
def test_holders(tag: str, expected: set[str]) -> None:
    assert holders(tag) == expected


def test_all_forces_is_held_by_forces_regions_and_the_nca() -> None:
    current = Organisation.objects.filter(
        kind__in=[Kind.FORCE, *REGION_KINDS], to_on__isnull=True
    )
    expected = set(current.values_list("code", flat=True)) | {"nca"}
    assert len(expected) == 59
    assert holders("all-forces") == expected


def test_every_organisation_has_its_own_tag_and_the_nca_none_but_that() -> None:
    codes = set(Organisation.objects.values_list("code", flat=True))
    own = Tag.objects.filter(kind=TagKind.ORGANISATION).values_list("code", flat=True)
    assert set(own) == {f"org:{code}" for code in codes}
    assert set(
        Tag.objects.filter(owner__code="nca").values_list("code", flat=True)
    ) == {"org:nca"}


def test_no_partner_holds_what_forces_share() -> None:
    partners = Organisation.objects.filter(kind=Kind.PARTNER)
    tags = TagHolder.objects.filter(organisation__in=partners).values_list(
        "tag__code", flat=True
    )
    assert {tag.split(":")[0] for tag in tags} == {"org", "force"}
    assert "all-forces" not in tags


# Running again


def test_a_second_run_changes_nothing() -> None:
    before = AuditEvent.objects.count()
    rows = list(TagHolder.objects.order_by("pk").values())
    for _ in range(2):
        written = reference.load(on=TODAY) | code_lists.load()
        assert set(written.values()) == {0}
    assert list(TagHolder.objects.order_by("pk").values()) == rows
    assert AuditEvent.objects.count() == before


def test_the_command_says_that_all_is_as_before() -> None:
    out = io.StringIO()
    call_command("load_reference", stdout=out)
    assert out.getvalue().count("as before") == 6
    assert "written" not in out.getvalue()


def test_a_damaged_row_is_mended_and_audited() -> None:
    Organisation.objects.filter(code="kent").update(name="Cant", population=1)
    OrganisationPlacement.objects.filter(organisation__code="kent").delete()
    Offence.objects.filter(code="92A").update(threat_type=None)
    written = reference.load(on=TODAY) | code_lists.load()
    assert written == {
        "organisations": 1,
        "placements": 1,
        "successions": 0,
        "audiences": 0,
        "threat types": 0,
        "offences": 1,
    }
    assert Organisation.objects.get(code="kent").name == "Kent Police"
    events = AuditEvent.objects.filter(reason="Reference data loaded")
    types = set(events.order_by("-pk").values_list("object_type", flat=True)[:2])
    assert types == {"accounts.Organisation", "groups.Offence"}


# A reorganisation


def test_a_move_between_regions_changes_holders_and_no_tag(tmp_path: Path) -> None:
    tags = set(Tag.objects.values_list("pk", "code"))
    folder = edited(tmp_path, "placements.csv", "kent,ersou,", "kent,serocu,")
    assert reference.load(on=LATER, folder=folder)["audiences"] > 0
    assert holders("force:kent", LATER) == {"kent", "serocu", "nca"}
    assert "kent" in holders("region:serocu", LATER)
    assert "kent" not in holders("region:ersou", LATER)
    assert holders("force:kent", TODAY) == {"kent", "ersou", "nca"}
    assert set(Tag.objects.values_list("pk", "code")) == tags

    reference.load(on=LATER)  # and back again, on the same day
    assert holders("force:kent", LATER) == {"kent", "ersou", "nca"}
    assert reference.load(on=LATER)["audiences"] == 0


def test_a_merger_hands_the_tags_to_the_heir(tmp_path: Path) -> None:
    row = "nersou,nerocu,2023-11-22,2022-12-08,change of name"
    merged = "dorset,wiltshire,2026-08-01,,merger,test,local configuration\n" + row
    folder = edited(tmp_path, "successions.csv", row, merged)
    reference.load(on=LATER, folder=folder)
    assert holders("org:dorset", LATER) == {"wiltshire"}
    assert holders("force:dorset", LATER) == {"wiltshire", "swrocu", "nca"}
    assert "dorset" not in holders("all-forces", LATER)
    assert holders("org:wiltshire", LATER) == {"wiltshire"}


def test_a_future_succession_changes_nobody_yet(tmp_path: Path) -> None:
    row = "nersou,nerocu,2023-11-22,2022-12-08,change of name"
    merged = "dorset,wiltshire,2026-08-01,,merger,test,local configuration\n" + row
    folder = edited(tmp_path, "successions.csv", row, merged)
    reference.load(on=TODAY, folder=folder)
    assert holders("org:dorset") == {"dorset"}


def test_grants_by_people_are_left_alone(make_user: Callable[..., User]) -> None:
    granted = TagHolder.objects.create(
        tag=Tag.objects.get(code="all-forces"),
        organisation=Organisation.objects.get(code="fca"),
        from_on=TODAY,
        granted_by=make_user("nca_officer"),
    )
    assert audiences.refresh(on=LATER) == 0
    granted.refresh_from_db()
    assert granted.to_on is None


def test_a_holding_that_nothing_explains_is_ended() -> None:
    stray = TagHolder.objects.create(
        tag=Tag.objects.get(code="org:durham"),
        organisation=Organisation.objects.get(code="kent"),
    )
    assert audiences.refresh(on=TODAY) == 1
    stray.refresh_from_db()
    assert stray.to_on == TODAY
    assert holders("org:durham") == {"durham"}


def test_an_analyst_holds_what_the_force_holds(make_user: Callable[..., User]) -> None:
    viewer = viewer_of(make_user("owner_analyst"), on=TODAY)
    codes = set(Tag.objects.filter(pk__in=viewer.tags).values_list("code", flat=True))
    assert codes == {
        "org:durham",
        "force:durham",
        "region:nerocu",
        "region:nersou",
        "all-forces",
    }


# Faults


def test_a_wrong_file_loads_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = edited(tmp_path, "organisations.csv", "Kent Police", "Cant Police")
    edited(tmp_path, "placements.csv", "kent,ersou,", "kent,nowhere,")
    monkeypatch.setattr(reference.load, "__kwdefaults__", {"folder": folder})
    with pytest.raises(CommandError, match=r"Nothing was loaded.*'nowhere'"):
        call_command("load_reference", verbosity=0)
    assert Organisation.objects.get(code="kent").name == "Kent Police"


def test_a_failed_audit_loads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    Organisation.objects.filter(code="kent").update(name="Cant")

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the audit is not to be had")

    monkeypatch.setattr(audit, "record", refuse)
    with pytest.raises(RuntimeError):
        reference.load(on=TODAY)
    assert Organisation.objects.get(code="kent").name == "Cant"
