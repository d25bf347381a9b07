"""Who may be the one about to be recorded: the very same first, the merged never."""

import pytest

from groups.actions import merging
from groups.likeness import MOST_LIKE, Sought, groups_like
from tests.cast import As
from tests.factories.groups import CrimeGroupFactory

pytestmark = pytest.mark.django_db
NAME = "Kestrel yard"


def test_the_very_same_name_comes_first_however_many_are_like_it(acting: As) -> None:
    with acting("owner_analyst") as by:
        same = CrimeGroupFactory(by=by, name=NAME.upper())
        for number in range(40):
            CrimeGroupFactory(by=by, name=f"{NAME} {number}")
        found = groups_like(by, Sought(names=(NAME,)))
    assert len(found) == MOST_LIKE
    assert found[0].record == same
    assert found[0].reasons == ["The same name"]
    assert {one.reasons[0] for one in found[1:]} == {
        "The name or an alias holds every word"
    }


def test_the_survivor_is_suggested_and_not_what_was_merged_into_it(acting: As) -> None:
    with acting("owner_analyst") as by:
        survivor = CrimeGroupFactory(by=by, name=NAME)
        for number in range(MOST_LIKE):
            merged = CrimeGroupFactory(by=by, name=f"{NAME} {number}")
            merging.merge(
                by=by, group=merged, into=survivor, version=1, reason="The same group"
            )
        found = groups_like(by, Sought(names=(NAME,)))
    assert [one.record for one in found] == [survivor]
