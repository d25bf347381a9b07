"""What happens to the records of `tests.world` after they were made."""

import datetime
from collections.abc import Callable
from typing import Any, Protocol

from django.utils import timezone

from accounts.models import Organisation, User
from accounts.visibility import Viewer
from groups.actions import (
    aliases,
    charts,
    entry_drafts,
    facts,
    groups,
    merging,
    people,
    saved_searches,
    transfers,
)
from groups.models import CrimeGroup, Nominal, SavedSearch
from scoring.models import Delivery, SearchPin, Watch
from scoring.models.pin import is_pinnable
from tests.world_words import word


class Maker(Protocol):
    """Who makes the world: takes steps as its people and knows its records."""

    made: Any

    def act(self, who: str, step: Callable[..., Any], *args: Any) -> Any: ...

    def of(self, model: type[Any], name: str) -> Any: ...


def live_on(maker: Maker) -> None:
    """Let some groups wait for another owner; and withdraw what never was."""

    def propose(by: Viewer, group: str, receiver: str) -> None:
        made = transfers.propose(
            by=by,
            group=maker.of(CrimeGroup, group),
            receiver=Organisation.objects.get(code=receiver),
            reason=word(),
        )
        maker.made.transfers[group] = str(made.public_id)

    def keep(by: Viewer, key: str, kind: str, audience: str, text: str = "") -> None:
        made = saved_searches.save(
            by=by,
            kind=kind,
            name=word(),
            audience=audience,
            query={} if text else {"scope": ["national"]},
            text=text,
        )
        maker.made.searches[key] = str(made.public_id)

    def draw(by: Viewer, group: str, audience: str) -> None:
        made = charts.save(
            by=by,
            centre=maker.of(CrimeGroup, group),
            name=word(),
            audience=audience,
            query={"steps": ["2"]},
            places={},
        )
        maker.made.charts[group] = str(made.public_id)

    def err(by: Viewer) -> None:
        group = maker.of(CrimeGroup, "d_own")
        alias = aliases.add(by=by, group=group, name=word(), rationale=word())
        alias.refresh_from_db()
        facts.withdraw(by=by, fact=alias, version=alias.version, reason=word())

    maker.act("owner_supervisor", propose, "d_region", "northumbria")
    maker.act("other_supervisor", propose, "w_all", "nerocu")
    maker.act("region_supervisor", propose, "n_region", "durham")
    for number, (who, kind, audience) in enumerate(
        (
            ("owner_supervisor", "groups", "force"),
            ("owner_supervisor", "people", "region"),
            ("owner_analyst", "people", "team"),
            ("region_analyst", "reports", "team"),
            ("other_analyst", "everything", "force"),
            ("other_supervisor", "groups", "team"),
            ("nca_officer", "groups", "team"),
            # As many as the first page shows.
            *(("owner_supervisor", "groups", "team") for _ in range(4)),
        )
    ):
        maker.act(who, keep, f"saved_{number}", kind, audience, word())
    maker.act("other_supervisor", keep, "saved_all", "groups", "force")
    maker.act("owner_supervisor", keep, "saved_region", "groups", "region")
    for who, group, audience in (
        ("owner_supervisor", "d_force", "force"),
        ("owner_analyst", "d_own", "team"),
        ("region_analyst", "n_force", "team"),
        ("other_analyst", "w_all", "force"),
        ("nca_officer", "a_all", "team"),
    ):
        maker.act(who, draw, group, audience)
    maker.act("owner_supervisor", err)
    _begin_entries(maker)
    _become_one(maker)


def _begin_entries(maker: Maker) -> None:
    """Let some have begun to record a group, a report and a person."""
    made = maker.made
    kept = {
        "group": made.drafts,
        "report": made.report_drafts,
        "person": made.person_drafts,
    }

    def begin(by: Viewer, key: str, kind: str) -> None:
        draft = entry_drafts.start(by=by, kind=kind)
        entry_drafts.save(
            by=by,
            draft=draft,
            typed=_typed(kind),
            version=draft.version,
            tab=draft.tab,
        )
        kept[kind][key] = str(draft.public_id)

    for number, who in enumerate(
        (
            "owner_supervisor",
            "owner_analyst",
            "region_analyst",
            "other_analyst",
            "rocu_lead",
            "nca_officer",
        )
    ):
        maker.act(who, begin, f"draft_{number}", "group")
    # Few: each is a row that the keyboard passes on the first page of its author.
    for who in ("owner_supervisor", "other_analyst"):
        for kind in ("report", "person"):
            maker.act(who, begin, who, kind)


def _typed(kind: str) -> dict[str, list[str]]:
    """Return what somebody typed of a new group, report or person."""
    return {
        "group": {
            "name": [word()],
            "rationale": [word()],
            "members-TOTAL_FORMS": ["1"],
            "members-INITIAL_FORMS": ["0"],
            "members-0-surname": [word()],
            "members-0-standing": ["unknown"],
            "members-0-dpa_category": ["suspect"],
            "report-text": [word()],
        },
        "report": {
            "text": [word()],
            "original_text": [word()],
            "claims-TOTAL_FORMS": ["1"],
            "claims-INITIAL_FORMS": ["0"],
            "claims-0-level": ["high"],
        },
        "person": {"surname": [word()], "rationale": [word()]},
    }[kind]


def watch_everything() -> None:
    """Let everyone watch everything since yesterday, also what was hidden from them since.

    And pin every search that can be. So no page of theirs may show, count or miss what
    they may not see.
    """
    since = timezone.now() - datetime.timedelta(days=1)
    for user in User.objects.order_by("pk"):
        for column, model in (
            ("group", CrimeGroup),
            ("nominal", Nominal),
            ("search", SavedSearch),
        ):
            for record in model.objects.order_by("pk"):
                Watch.objects.create(user=user, read_until=since, **{column: record})
        for search in SavedSearch.objects.order_by("pk"):
            if is_pinnable(search):
                SearchPin.objects.create(user=user, search=search)
        Delivery.objects.create(user=user, day=since.date())


def _become_one(maker: Maker) -> None:
    """Let groups with a name and a member of their own be merged into others."""

    def absorb(by: Viewer, name: str, sharing: str, into: str) -> None:
        survivor = maker.of(CrimeGroup, into)
        group = groups.create(
            by=by,
            owner=survivor.owner,
            name=f"Group {word()}",
            sharing=sharing,
            sharing_reason=word() if sharing == "organisation" else "",
            review_on=timezone.localdate() + datetime.timedelta(days=30),
        )
        aliases.add(by=by, group=group, name=word(), rationale=word())
        people.add_member(
            by=by,
            group=group,
            nominal=maker.of(Nominal, f"{into}/0"),
            standing="peripheral",
            rationale=word(),
            dpa_category="suspect",
        )
        group.refresh_from_db()
        merging.merge(
            by=by, group=group, into=survivor, version=group.version, reason=word()
        )
        maker.made.merged[name] = str(group.public_id)

    for who, name, sharing, into in (
        ("owner_supervisor", "d_into_all", "organisation", "d_all"),
        ("owner_supervisor", "d_into_force", "force", "d_force"),
        ("region_supervisor", "n_into_force", "organisation", "n_force"),
        ("other_supervisor", "w_into_force", "force", "w_force"),
    ):
        maker.act(who, absorb, name, sharing, into)


def pairs_of_one_owner(made: dict[str, str]) -> list[list[str]]:
    """Return each group after each other one of its owner, which its name begins with."""
    return [
        [other_id, group_id]
        for group, group_id in made.items()
        for other, other_id in made.items()
        if group != other and group[0] == other[0]
    ]
