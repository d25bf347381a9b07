"""What the tests of groups share."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts import audit
from accounts.models import AuditEvent, Tag, TagHolder
from accounts.visibility import Viewer
from groups.models import CrimeGroup, Nominal
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As, MakeUser
from tests.factories.groups import CrimeGroupFactory, NominalFactory, organisation


@pytest.fixture
def by(viewer: Callable[[str], Viewer]) -> Viewer:
    """The owner's analyst."""
    return viewer("owner_analyst")


@pytest.fixture
def group(acting: As, by: Viewer) -> CrimeGroup:
    """A draft of Durham's, shared with its region's unit and the NCA."""
    with acting("owner_analyst"):
        return CrimeGroupFactory(by=by, name="Fictional group")


@pytest.fixture
def hidden(acting: As, viewer: Callable[[str], Viewer]) -> CrimeGroup:
    """A group that only West Yorkshire may see."""
    other = viewer("other_analyst")
    with acting("other_analyst"):
        return CrimeGroupFactory(
            by=other, owner=organisation("west-yorkshire"), sharing="organisation"
        )


@pytest.fixture
def nominal(acting: As, by: Viewer) -> Nominal:
    """A person of Durham's, shared like the group."""
    with acting("owner_analyst"):
        return NominalFactory(by=by, surname="Marlow")


@pytest.fixture
def hidden_person(acting: As, viewer: Callable[[str], Viewer]) -> Nominal:
    """A person that West Yorkshire, its unit and the NCA may see."""
    other = viewer("other_analyst")
    with acting("other_analyst"):
        return NominalFactory(by=other, owner=organisation("west-yorkshire"))


@pytest.fixture
def grant(make_user: MakeUser) -> Callable[[str, str], None]:
    """Give a member of the cast a compartment."""

    def give(name: str, compartment: str) -> None:
        user = make_user(name)
        with acting_as(system("test")):
            tag = Tag.objects.get(code=f"compartment:{compartment}")
            TagHolder.objects.get_or_create(tag=tag, user=user)

    return give


@pytest.fixture
def audited(db: None) -> Callable[[str], list[tuple[str, list[int], str]]]:
    """Return the audit rows of an object type since the fixture began: kind, ids, reason.

    Ask for it before the fixtures whose rows are meant, after those whose rows are not.
    """
    with acting_as(system("test")):
        newest = AuditEvent.objects.order_by("-id").values_list("id", flat=True)
        start = newest.first() or 0

    def read(object_type: str) -> list[tuple[str, list[int], str]]:
        with acting_as(system("test")):
            rows = AuditEvent.objects.filter(
                object_type=object_type, id__gt=start
            ).order_by("id")
            return [(row.kind, row.object_ids, row.reason) for row in rows]

    return read


@pytest.fixture
def broken_audit(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the next audit row fail to be written."""

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the audit cannot be written")

    return lambda: monkeypatch.setattr(audit, "record", fail)


def rows_of(model: type[Any]) -> int:
    with acting_as(system("test")):
        count: int = model.objects.count()
        return count
