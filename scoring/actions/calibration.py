"""Answers to calibration packs."""

from collections.abc import Mapping

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from ocgmap.common.errors import AppError
from scoring.agreement.packs import Pack
from scoring.engine import parse_level
from scoring.exceptions import AlreadyAnswered
from scoring.models import CalibrationAnswer

Levels = Mapping[str, Mapping[str, str]]


def answer(*, by: Viewer, pack: Pack, levels: Levels) -> CalibrationAnswer:
    """Record the levels that ``by`` gave each vignette of a pack, once and for all.

    Raises:
        RightMissing: the right to contribute is missing.
        AlreadyAnswered: they scored this version of the pack before.
        AppError: a vignette or an attribute has no level, or none that there is.
    """
    check_has(by, Right.CONTRIBUTE)
    given = {
        vignette.key: {
            key: _level(levels, vignette.key, key) for key in pack.attributes
        }
        for vignette in pack.vignettes
    }
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.user_id)  # one at a time
        mine = CalibrationAnswer.objects.visible_to(by)
        if mine.filter(pack=pack.key, pack_version=pack.version).exists():
            raise AlreadyAnswered
        made = CalibrationAnswer.objects.create(
            user_id=by.user_id,
            pack=pack.key,
            pack_version=pack.version,
            levels=given,
        )
        audit.record(
            AuditKind.COLLECTION,
            "scoring.CalibrationAnswer",
            [made.pk],
            detail={"pack": pack.key, "version": pack.version},
        )
    return made


def _level(levels: Levels, vignette: str, attribute: str) -> str:
    try:
        said = levels[vignette][attribute]
    except KeyError:
        raise AppError(
            f"{vignette}, {attribute}: there is no level. Choose one."
        ) from None
    return str(parse_level(said))
