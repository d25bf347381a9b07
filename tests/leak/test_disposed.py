"""What was disposed of answers as what never was: to everyone, at every address."""

import pytest

from tests.leak.answers import masked
from tests.leak.askers import ABSENT, READERS, Askers
from tests.leak.route_kinds import GROUPS, PEOPLE, REPORTS
from tests.leak.routes import ROUTES
from tests.leak.test_routes import METHODS, path_of

pytestmark = pytest.mark.leak
ABOUT = {GROUPS: "groups", PEOPLE: "people", REPORTS: "reports"}
WHERE = [name for name, one in ROUTES.items() if one.about in ABOUT]


@pytest.mark.parametrize("lock", ["both"], indirect=True)
@pytest.mark.parametrize("name", WHERE)
def test_a_disposed_record_is_nowhere(name: str, askers: Askers) -> None:
    route = ROUTES[name]
    gone = [
        public_id
        for key, public_id in askers.manifest.disposed.items()
        if key.startswith(ABOUT[route.about])
    ]
    assert len(gone) == 3
    for who in READERS:
        for method in METHODS:
            absent = (ABSENT, ABSENT)
            never = askers[who].ask(method, path_of(name, route, absent))
            for public_id in gone:
                ids = (public_id, ABSENT)
                asked = askers[who].ask(method, path_of(name, route, ids))
                assert asked.status_code in {403, 404, 405}, f"{who} {method}"
                assert masked(asked, *ids) == masked(never, *absent), (
                    f"{who} can tell a disposed record from one that never was: "
                    f"{method} {name}"
                )
