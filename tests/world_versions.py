"""What people of `tests.world` compare: an invented version that weighs some more."""

from typing import Any

from django.db import transaction

from accounts.visibility import Viewer
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from scoring.actions import schemes, what_if_work, what_ifs
from scoring.engine import PRIMARY
from scoring.engine.scheme_file import as_csv
from scoring.models import SchemeVersion
from tests.factories.schemes import version_rows


def compare_versions(maker: Any) -> None:
    """Have the region's lead and an officer compare, each what they see."""
    weights = dict.fromkeys(PRIMARY.attribute_keys()[:8], 2)
    with acting_as(system("world")), transaction.atomic():
        schemes.load(content=as_csv(version_rows(weights=weights)).encode())
    for who in ("rocu_lead", "nca_officer"):
        asked = maker.act(who, _ask)
        maker.made.what_ifs[who] = str(asked.public_id)
    what_if_work.work(seconds=60)


def _ask(by: Viewer) -> Any:
    before, after = SchemeVersion.objects.filter(name=PRIMARY.key).order_by("id")
    return what_ifs.start(by=by, before=before, after=after)
