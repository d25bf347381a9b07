import datetime
from collections.abc import Callable
from typing import Any

import pytest

from accounts.exceptions import NotOwner
from accounts.visibility import Viewer
from groups.actions import people
from groups.exceptions import SafeguardingRoute
from groups.models import CrimeGroup, Nominal
from ocgmap.common.errors import AppError, NotFound, StaleVersion
from tests.cast import As
from tests.factories.groups import NominalFactory

pytestmark = pytest.mark.django_db

Audited = Callable[[str], list[tuple[str, list[int], str]]]
Find = Callable[[str], Viewer]


def born(years_ago: int) -> dict[str, Any]:
    """The latest birthday at which someone is this old today."""
    today = datetime.date.today()  # noqa: DTZ011
    day = datetime.date(today.year - years_ago, today.month, min(today.day, 28))
    return {"born_from": day, "born_to": day, "born_precision": "day"}


def test_create_leaves_person_cluster_and_audit(
    acting: As, by: Viewer, audited: Audited
) -> None:
    with acting("owner_analyst"):
        one, two = NominalFactory(by=by), NominalFactory(by=by)
    assert one.cluster_id != two.cluster_id
    assert one.reference.startswith("N-")
    assert audited("groups.Nominal")[0] == ("collection", [one.pk], "")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"surname": "Marlow2"}, "surname"),
        ({"surname": "Marlow (aka Red)"}, "surname"),
        ({"surname": "unknown"}, "surname"),
        ({"surname": ""}, "surname"),
        ({"given_names": "Mr Alex"}, "given_names"),
        ({"given_names": "A1ex"}, "given_names"),
        ({"given_names": "x" * 121}, "given_names"),
        ({"is_identified": False}, "designation"),
        ({"gender": "m"}, "gender"),
        ({"born_from": datetime.date(2190, 1, 1)}, "born"),
        (
            {
                "born_from": datetime.date(2190, 1, 1),
                "born_to": datetime.date(2190, 1, 1),
            },
            "born",
        ),
        (
            {
                "born_from": datetime.date(1990, 2, 1),
                "born_to": datetime.date(1990, 1, 1),
            },
            "born",
        ),
        (
            {
                "born_from": datetime.date(1850, 1, 1),
                "born_to": datetime.date(1850, 1, 1),
            },
            "born",
        ),
        ({"deceased_on": datetime.date(2190, 1, 1)}, "deceased_on"),
    ],
)
def test_create_with_a_wrong_value_names_the_field_and_writes_nothing(
    acting: As, by: Viewer, values: dict[str, Any], field: str
) -> None:
    with acting("owner_analyst"):
        with pytest.raises(AppError) as caught:
            NominalFactory(by=by, **values)
        assert caught.value.field == field
        assert Nominal.objects.visible_to(by).count() == 0


@pytest.mark.parametrize(
    "surname", ["O’Neill-Smith", "Müller", "N'Dour", "Nguyễn", "李"]
)
def test_create_takes_names_of_every_script(
    acting: As, by: Viewer, surname: str
) -> None:
    with acting("owner_analyst"):
        assert NominalFactory(by=by, surname=surname).surname == surname


def test_create_with_a_class_that_is_hidden_answers_as_absent(
    acting: As, by: Viewer, hidden: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        for class_id in (hidden.access_class_id, 999_999):
            with pytest.raises(NotFound):
                NominalFactory(by=by, access_class_id=class_id)


def test_edit_checks_version_owner_and_audit(
    acting: As,
    by: Viewer,
    viewer: Find,
    nominal: Nominal,
    audited: Audited,
) -> None:
    officer = viewer("nca_officer")
    with acting("nca_officer"), pytest.raises(NotOwner):
        people.edit_nominal(by=officer, nominal=nominal, version=1, surname="Noakes")
    with acting("owner_analyst"):
        edited = people.edit_nominal(
            by=by, nominal=nominal, version=1, surname="Noakes", reason="Passport seen"
        )
        with pytest.raises(StaleVersion):
            people.edit_nominal(by=by, nominal=nominal, version=1, surname="Oakes")
    assert (edited.surname, edited.version) == ("Noakes", 2)
    assert audited("groups.Nominal")[-1] == (
        "alteration",
        [nominal.pk],
        "Passport seen",
    )


def test_edit_to_a_birth_date_that_forbids_a_membership_is_refused(
    acting: As, by: Viewer, group: CrimeGroup, nominal: Nominal
) -> None:
    with acting("owner_analyst"):
        people.add_member(by=by, group=group, nominal=nominal, dpa_category="suspect")
        with pytest.raises(SafeguardingRoute) as caught:
            people.edit_nominal(by=by, nominal=nominal, version=1, **born(8))
        assert caught.value.field == "born"
        nominal.refresh_from_db()
    assert nominal.born_from is None
