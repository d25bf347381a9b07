"""Who may see a record of `tests.world` is about to change."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from accounts.actions import compartments, large_exports
from accounts.models import Organisation, Tag, User
from accounts.visibility import Viewer
from groups.actions import groups
from groups.models import CrimeGroup
from intelligence.actions import sharing, sight
from intelligence.models import SharingChange, SightMatch
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.world import CELL
from tests.world_words import word


class Maker(Protocol):
    """Who makes the world: takes steps as its people and knows its records."""

    made: Any

    def act(self, who: str, step: Callable[..., Any], *args: Any) -> Any: ...

    def of(self, model: type[Any], name: str) -> Any: ...


def open_one(maker: Maker) -> None:
    """Share a group with all that was its owner's alone.

    Its former state, with the former name, keeps the strict label.
    """

    def hide_first(by: Viewer) -> SharingChange:
        group = groups.create(
            by=by,
            owner=Organisation.objects.get(pk=by.organisation_id),
            name=f"Covert {word()}",
            summary=f"Before {word()}",
            sharing="organisation",
            sharing_reason=word(),
            record_state="mapped",
        )
        group.refresh_from_db()
        group = groups.edit(
            by=by,
            group=group,
            version=group.version,
            name=f"Group {word()}",
            summary="",
            reason=word(),
        )
        maker.made.groups["d_opened"] = str(group.public_id)
        maker.made.references["d_opened"] = group.reference
        opened = sharing.change(
            by=by,
            record=group,
            version=group.version,
            sharing="all_forces",
            reason=word(),
        )
        assert opened
        return opened

    def agree(by: Viewer, opened: SharingChange) -> None:
        sharing.approve(by=by, change=opened, version=1, reason=word())

    maker.act("cell", agree, maker.act("owner_supervisor", hide_first))


def share_some(maker: Maker) -> None:
    """Let wider sharing, sight and membership wait for a second person."""

    def propose(by: Viewer, name: str, to: str) -> None:
        group = maker.of(CrimeGroup, name)
        made = sharing.change(
            by=by, record=group, version=group.version, sharing=to, reason=word()
        )
        maker.made.sharing_changes[name] = str(made.public_id) if made else ""

    maker.act("owner_analyst", propose, "d_force", "region")
    maker.act("owner_analyst", propose, "d_own", "force")
    maker.act("other_analyst", propose, "w_own", "force")
    maker.act("region_analyst", propose, "n_own", "force")

    maker.act("cell", _propose_into_cell, maker)
    references = _references(maker)
    for who, name in (
        ("owner_supervisor", "w_force"),
        ("owner_analyst", "w_own"),
        ("other_analyst", "d_force"),
        ("rocu_lead", "d_own"),
        ("nca_officer", "w_own"),
        ("region_analyst", "d_cell"),
    ):
        made = maker.act(who, _ask, references[name])
        maker.made.sights[f"{who}/{name}"] = str(made.public_id)
    with acting_as(system("world")), transaction.atomic():
        for match in SightMatch.objects.select_related("group"):
            key = next(
                name
                for name, public_id in maker.made.groups.items()
                if public_id == str(match.group.public_id)
            )
            maker.made.sight_matches[key] = str(match.public_id)
    maker.act("cell", _propose_member)
    for who in ("cell", "other_supervisor", "nca_supervisor"):
        made = maker.act(who, _ask_export)
        maker.made.exports[f"d_force/{who}"] = str(made.public_id)


def _propose_into_cell(by: Viewer, maker: Maker) -> None:
    """Propose a wider audience with a compartment: the record tells no one its name."""
    group = maker.of(CrimeGroup, "d_region")
    made = sharing.change(
        by=by,
        record=group,
        version=group.version,
        sharing="all_forces",
        compartments=[Tag.objects.get(code=CELL).pk],
        reason=word(),
    )
    assert made
    maker.made.sharing_changes["d_region"] = str(made.public_id)


def _ask(by: Viewer, reference: str) -> Any:
    return sight.ask(by=by, reference=reference, reason=word())


def _ask_export(by: Viewer) -> Any:
    return large_exports.ask(by=by, list_id=uuid.uuid4(), lines=900, reason=word())


def _propose_member(by: Viewer) -> None:
    compartments.propose(
        by=by,
        tag=Tag.objects.get(code=CELL),
        step="add",
        user=User.objects.get(email="nca_officer@test.example"),
        until_on=timezone.localdate() + datetime.timedelta(days=9),
        reason=word(),
    )


def _references(maker: Maker) -> dict[str, str]:
    with acting_as(system("world")), transaction.atomic():
        found = dict(CrimeGroup.objects.values_list("public_id", "reference"))
    return {
        name: next(ref for key, ref in found.items() if str(key) == public_id)
        for name, public_id in maker.made.groups.items()
    }
