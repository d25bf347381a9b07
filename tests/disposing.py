"""Proposing and making true a disposal, in tests."""

from typing import Any

from intelligence.actions import disposal
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As


def everything() -> Any:
    return acting_as(system("test"))


def proposed(acting: As, record: Any, who: str = "records_manager", **more: Any) -> Any:
    with everything():
        record.refresh_from_db()
    with acting(who) as by:
        return disposal.propose(
            **{
                "version": record.version,
                "disposal_reason": "not_needed",
                "reason": "Nothing new for years",
                **more,
            },
            by=by,
            record=record,
        )


def disposed(acting: As, record: Any, who: str = "owner_supervisor") -> Any:
    review = proposed(acting, record)
    with acting(who) as by:
        return disposal.dispose(by=by, review=review, version=1, reason="Agreed")
