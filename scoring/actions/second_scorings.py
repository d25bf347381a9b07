"""Second scores: the draw, and scoring a drawn group without seeing the first score."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.labels import join_of
from accounts.models.audit_event import AuditKind
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from ocgmap.common import plain_text
from ocgmap.common.errors import AppError, NotFound
from ocgmap.common.one_at_a_time import wait_for
from scoring import laboratory
from scoring.actions.judgements import worded
from scoring.engine import CATALOGUE, PRIMARY, parse_level
from scoring.exceptions import NotBegun
from scoring.models import SecondScore, SecondScoring
from scoring.permissions import check_can_score_second

LONGEST_REMARKS = 2000


def draw() -> list[SecondScoring]:
    """Note every mapped submission that is drawn and not noted yet.

    By the clock, as the worker. Whether one is drawn follows from the group, the moment
    of its submission and the share of its region, so a second run notes nothing.
    """
    with transaction.atomic():
        made = [
            SecondScoring.objects.create(
                owner_id=one.group.owner_id,
                access_class_id=one.group.access_class_id,
                group=one.group,
                submitted_at=one.submitted_at,
                number=one.number,
                one_in=one.one_in,
                drawn_at=timezone.now(),
            )
            for one in laboratory.candidates()
        ]
        if made:
            audit.record(
                AuditKind.COLLECTION,
                "scoring.SecondScoring",
                [one.pk for one in made],
                reason="Drawn for a second scoring",
            )
    return made


def begin(*, by: Viewer, scoring: SecondScoring) -> SecondScore:
    """Begin to score a drawn group; from now on its first score is shut to ``by``.

    Begun again, what was begun goes on.

    Raises:
        NotFound: the draw or its group is hidden.
        PermissionDenied: a right is missing, it is another region's, or the first score
            is their own work.
        AlreadyScored: its second score is there already.
    """
    with transaction.atomic():
        fresh = _visible(by, scoring)
        _one_at_a_time(fresh)
        check_can_score_second(by, fresh)
        begun = SecondScore.objects.unfinished_of(by).filter(scoring=fresh).first()
        if begun is not None:
            return begun
        score = SecondScore.objects.create(
            owner_id=fresh.owner_id,
            access_class_id=fresh.access_class_id,
            scoring=fresh,
            begun_at=timezone.now(),
        )
        audit.record(
            AuditKind.COLLECTION,
            "scoring.SecondScore",
            [score.pk],
            detail={"group": fresh.group_id, "step": "begun"},
        )
    return score


def hand_in(
    *, by: Viewer, scoring: SecondScoring, levels: Mapping[str, str], remarks: str = ""
) -> SecondScore:
    """Hand in the second score of a drawn group. No score reads it.

    From now on it carries the labels of the reports whose claims ``by`` was shown, too.

    Raises:
        NotFound: the draw or its group is hidden.
        PermissionDenied: as when it is begun.
        NotBegun: ``by`` did not begin it, or so long ago that it is no longer waited for.
        AlreadyScored: its second score is there already.
        AppError: an attribute of the primary scheme has no level, or none that there is.
    """
    words = _remarks(remarks)
    given = {}
    for key in PRIMARY.attribute_keys():
        if key not in levels:
            title = CATALOGUE[key].title
            raise AppError(f"{title} has no level. Choose one.", field=key)
        given[key] = str(parse_level(levels[key], field=key))
    with transaction.atomic():
        fresh = _visible(by, scoring)
        _one_at_a_time(fresh)
        check_can_score_second(by, fresh)
        begun = SecondScore.objects.unfinished_of(by).filter(scoring=fresh)
        score = begun.select_for_update(of=("self",)).first()
        if score is None:
            raise NotBegun
        shown = laboratory.evidence_on(by, fresh.group)
        score.access_class_id = join_of([fresh.access_class_id, *shown.class_ids()])
        score.levels = given
        score.remarks = words
        score.submitted_at = timezone.now()
        score.save(update_fields=["access_class", "levels", "remarks", "submitted_at"])
        audit.record(
            AuditKind.ALTERATION,
            "scoring.SecondScore",
            [score.pk],
            detail={"group": fresh.group_id, "step": "handed in"},
        )
    return score


def _one_at_a_time(scoring: SecondScoring) -> None:
    """Wait for whoever begins or hands in the same draw, until the transaction ends."""
    wait_for(f"second scoring {scoring.pk}")


def _remarks(text: str) -> str:
    """Return the remarks without blanks around them; they may be empty.

    Raises:
        AppError: they are too long or not readable.
    """
    words = plain_text.plain(text).strip()
    return worded(words, field="remarks", longest=LONGEST_REMARKS) if words else ""


def _visible(by: Viewer, scoring: SecondScoring) -> SecondScoring:
    """Return the draw afresh with its group.

    Raises:
        NotFound: either is hidden.
    """
    groups = CrimeGroup.objects.visible_to(by)
    found = (
        SecondScoring.objects.visible_to(by)
        .filter(pk=scoring.pk, group__in=groups)
        .select_related("group__owner", "group__access_class")
        .first()
    )
    if found is None:
        raise NotFound
    return found
