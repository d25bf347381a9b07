"""Who may see a record of `tests.world` is about to change."""

from collections.abc import Callable
from typing import Any, Protocol

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from intelligence.actions import sharing
from tests.world_words import word


class Maker(Protocol):
    """Who makes the world: takes steps as its people and knows its records."""

    made: Any

    def act(self, who: str, step: Callable[..., Any], *args: Any) -> Any: ...

    def of(self, model: type[Any], name: str) -> Any: ...


def share_some(maker: Maker) -> None:
    """Let wider sharing of some groups wait for a second person."""

    def propose(by: Viewer, name: str, to: str) -> None:
        group = maker.of(CrimeGroup, name)
        sharing.change(
            by=by, record=group, version=group.version, sharing=to, reason=word()
        )

    maker.act("owner_analyst", propose, "d_force", "region")
    maker.act("owner_analyst", propose, "d_own", "force")
    maker.act("other_analyst", propose, "w_own", "force")
    maker.act("region_analyst", propose, "n_own", "force")
