"""Imports of returns in the world: checked, done and refused ones of three forces."""

import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Organisation
from accounts.visibility import Viewer
from intelligence.actions import import_work, imports, returns
from intelligence.models import ImportJob, Return
from tests.factories.returns import a_row, csv_file
from tests.world_words import word


def make_imports(maker: Any) -> None:
    """Send files of one good and one bad row, and have some of them imported."""
    for who, state in (
        ("owner_analyst", "checked"),
        ("owner_analyst", "done"),
        ("owner_analyst", "refused"),
        ("region_analyst", "checked"),
        ("other_analyst", "done"),
    ):
        name, public_id = maker.act(who, _send, state)
        maker.made.imports[name] = public_id
    while import_work.step():
        pass
    for who in ("owner_analyst", "other_analyst"):
        maker.act(who, _confirm, maker.made.imports)
    while import_work.step():
        pass


def _send(by: Viewer, state: str) -> tuple[str, str]:
    owner = Organisation.objects.get(pk=by.organisation_id)
    ret = Return.objects.filter(owner=owner, is_nil=False).first()
    if ret is None:
        day = timezone.localdate() - datetime.timedelta(days=200)
        ret = returns.register(by=by, owner=owner, from_on=day, to_on=day, due_on=day)
    bad = a_row(text=f"Bad {word()}", source_grade="9", owner_reference=word())
    rows = [a_row(text=f"Seen {word()}", owner_reference=word()), bad]
    content = b"Wrong\n1\n" if state == "refused" else csv_file(*rows)
    job, _ = imports.upload(
        by=by, ret=ret, name=f"{state} {word()}.csv", content=content
    )
    return f"{owner.code}/{state}", str(job.public_id)


def _confirm(by: Viewer, made: dict[str, str]) -> None:
    owner = Organisation.objects.get(pk=by.organisation_id)
    rows = ImportJob.objects.visible_to(by).select_related("owner", "returned_in")
    job = rows.get(public_id=made[f"{owner.code}/done"])
    imports.confirm(by=by, job=job, version=job.version, leave_refused_out=True)
