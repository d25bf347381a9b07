"""What of `tests.world` is to be disposed of, and what was."""

from collections.abc import Callable
from typing import Any, Protocol

from django.db import transaction

from accounts.models import Organisation, User
from accounts.visibility import Viewer
from groups.actions import aliases, groups, people, states
from groups.models import CrimeGroup, Nominal
from intelligence.actions import disposal
from intelligence.models import Report, RetentionReview
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.factories.intelligence import ReportFactory
from tests.world_words import word


class Maker(Protocol):
    """Who makes the world: takes steps as its people and knows its records."""

    made: Any
    users: dict[str, User]

    def act(self, who: str, step: Callable[..., Any], *args: Any) -> Any: ...


def retain_some(maker: Maker) -> None:
    """Let some disposals wait for a second person, and make some true."""
    for sharing in ("force", "organisation", "all_forces"):
        for is_over in (False, True):
            person = maker.act("owner_analyst", _person, sharing)
            if is_over:
                review = maker.act("records_manager", _propose, person)
                _dispose(maker, f"people/{sharing}", person, review)
            else:
                _let_wait(person, maker.users["cell"])
                maker.made.nominals[f"retained/{sharing}"] = str(person.public_id)
        group = maker.act("owner_supervisor", _group, sharing)
        review = maker.act("records_manager", _propose, group)
        _dispose(maker, f"groups/{sharing}", group, review)
        report = maker.act("owner_analyst", _report, sharing)
        review = maker.act("records_manager", _propose, report)
        _dispose(maker, f"reports/{sharing}", report, review)


def _let_wait(person: Nominal, author: User) -> None:
    """Propose a disposal as someone who has another role by now: the manager decides."""
    with acting_as(system("world")), transaction.atomic():
        RetentionReview.objects.create(
            nominal=person,
            owner_id=person.owner_id,
            access_class_id=person.access_class_id,
            state="proposed",
            disposal_reason="not_needed",
            reason=word(),
            record_version=person.version,
            created_by=author,
        )


def _dispose(maker: Maker, name: str, record: Any, review: RetentionReview) -> None:
    made = maker.act("owner_supervisor", _approve, review)
    maker.made.disposed[name] = str(record.public_id)
    maker.made.certificates[name] = str(made.public_id)


def _person(by: Viewer, sharing: str) -> Nominal:
    return people.create_nominal(
        by=by,
        owner=Organisation.objects.get(pk=by.organisation_id),
        sharing=sharing,
        sharing_reason=word() if sharing == "organisation" else "",
        given_names=word(),
        surname=word(),
    )


def _group(by: Viewer, sharing: str) -> CrimeGroup:
    """Return a group in the archive with another name, so that it has facts."""
    group = groups.create(
        by=by,
        owner=Organisation.objects.get(pk=by.organisation_id),
        name=f"Group {word()}",
        sharing=sharing,
        sharing_reason=word() if sharing == "organisation" else "",
        summary=word(),
        rationale=word(),
    )
    aliases.add(by=by, group=group, name=word(), rationale=word())
    return states.change_state(
        by=by,
        group=group,
        version=group.version,
        activity_status="archived",
        reason=word(),
    )


def _report(by: Viewer, sharing: str) -> Report:
    made: Report = ReportFactory(text=f"{word()} was seen.", sharing=sharing)
    made.refresh_from_db()
    return made


def _propose(by: Viewer, record: Any) -> RetentionReview:
    return disposal.propose(
        by=by,
        record=record,
        version=record.version,
        disposal_reason="not_needed",
        reason=word(),
    )


def _approve(by: Viewer, review: RetentionReview) -> Any:
    return disposal.dispose(by=by, review=review, version=review.version, reason=word())
