"""Two more published networks beside the exhibit, where their files are at hand."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.models import AuditEvent
from accounts.models.audit_event import AuditKind
from groups.actions import groups, links
from groups.models.crime_group import ActivityStatus, GroupKind
from groups.network_files import read_network
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.demonstration.exhibit import (
    ARCHIVED_WHY,
    AUTHOR,
    OWNER,
    WHY_HIDDEN,
    finish,
    import_network,
)
from scoring.demonstration.network_data import Files
from scoring.demonstration.stage import ROUTE, Say, Stage, set_up

_MARK: Final = "scoring.DemonstrationPublished"
_LONDON: Final = (
    "A London street gang as police records of offending together 2005-09 show it, "
    "published by Grund and Densley (2012). People are numbers; what the files say "
    "of age, birthplace, music and the like was not read. An exhibit of research: "
    "archived, so that no figure counts it."
)
_MONTREAL: Final = (
    "One of 35 street gangs of Montreal whose links Descormiers and Morselli "
    "published (2011). Here gangs are numbers; what the files say of ethnicity, "
    "allegiance and territory was not read. An exhibit of research: archived, so that no "
    "figure counts it."
)


def seed_published(say: Say) -> list[str]:
    """Take in each network that is at hand and was not yet; return a line on each."""
    return [sentence for name in _TAKE for sentence in _seed(name, say)]


def _seed(name: str, say: Say) -> Iterator[str]:
    folder = settings.REAL_DATA / "networks" / name
    files = Files(folder / "nodes.csv", folder / "edges.csv")
    with acting_as(system(ROUTE)), transaction.atomic():
        if AuditEvent.objects.filter(object_type=_MARK, detail__name=name).exists():
            yield _TITLES[name]
            return
        if not (files.nodes.is_file() and files.edges.is_file()):
            return
        _TAKE[name](set_up(), files)
        audit.record(
            AuditKind.COLLECTION,
            _MARK,
            [],
            reason="Demo exhibit made",
            detail={"name": name},
        )
    say(_TITLES[name].lower())
    yield _TITLES[name]


def _take_london(stage: Stage, files: Files) -> None:
    reference = import_network(
        files, "London gang (research exhibit)", ["--links", "co_offending"]
    )
    finish(stage, reference, _LONDON)


def _take_montreal(stage: Stage, files: Files) -> None:
    """Record each gang as a group, since this is a network of groups, and their links."""
    network = read_network(_bytes(files.nodes), _bytes(files.edges))
    with stage.acting(AUTHOR) as by:
        made = {}
        for number, name in enumerate(network.names, start=1):
            group = groups.create(
                by=by,
                owner=stage.organisations[OWNER],
                name=f"Montreal street gang {number} (research exhibit)",
                sharing="organisation",
                sharing_reason=WHY_HIDDEN,
                kind=GroupKind.STREET_GANG,
                summary=_MONTREAL,
            )
            made[name] = groups.change_state(
                by=by,
                group=group,
                version=1,
                activity_status=ActivityStatus.ARCHIVED,
                reason=ARCHIVED_WHY,
            )
        for a, b in network.links:
            links.link_groups(
                by=by,
                a=made[a],
                b=made[b],
                kind="other",
                basis="research",
                rationale="A link in the published network; of which sort is not said.",
            )


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


_TAKE: Final[Mapping[str, Callable[[Stage, Files], None]]] = MappingProxyType(
    {"london_gang": _take_london, "montreal_street_gangs": _take_montreal}
)
_TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "london_gang": "Exhibit: a London gang, a published network.",
        "montreal_street_gangs": "Exhibit: street gangs of Montreal and their links, "
        "a published network.",
    }
)
