"""Who may judge, decide, say something against it, score again, and compare versions."""

from django.db.models import Q

from accounts.actions.body_rules import deciding_body
from accounts.models import Organisation
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from groups.permissions import check_can_edit, check_sees
from scoring.exceptions import (
    AlreadyScored,
    AnotherRegion,
    BlindUntilHandedIn,
    Overtaken,
    OwnFirstScore,
)
from scoring.models import (
    AnalyticNote,
    BandDecision,
    Judgement,
    Requirement,
    SecondScore,
    SecondScoring,
)


def check_can_judge(by: Viewer, group: CrimeGroup) -> None:
    """Raise unless ``by`` may judge the attributes of ``group``.

    The owner's own analysts may, and the moderating unit of its region.

    Raises:
        NotFound: the group is hidden.
        RightMissing: the right to contribute is missing.
        NotOwner: the group belongs to somebody else.
    """
    check_can_edit(by, group)


def check_can_compare(by: Viewer) -> None:
    """Raise unless ``by`` may compare versions of the scheme.

    Raises:
        RightMissing: the right to compare is missing.
    """
    check_has(by, Right.COMPARE)
    check_has(by, Right.VIEW)


def check_can_confirm(by: Viewer, group: CrimeGroup) -> None:
    """Raise unless ``by`` may confirm the band of ``group``; as above, and the right.

    Raises:
        NotFound: the group is hidden.
        RightMissing: the right to confirm is missing.
        NotOwner: the group belongs to somebody else.
    """
    check_can_edit(by, group)
    check_has(by, Right.CONFIRM)


def check_can_note(by: Viewer, group: CrimeGroup) -> None:
    """Raise unless ``by`` may challenge a score, or ask what is not known.

    Whoever sees the group and works on intelligence may, of whatever organisation.

    Raises:
        NotFound: the group is hidden.
        RightMissing: the right to contribute is missing.
    """
    check_sees(by, group)
    check_has(by, Right.CONTRIBUTE)


def check_can_answer_note(by: Viewer, note: AnalyticNote) -> None:
    """Raise unless ``by`` may close a note: the owner's people, its region, its author.

    Raises:
        NotFound: the note or its group is hidden.
        RightMissing: the right to contribute is missing.
        NotOwner: the group belongs to somebody else.
    """
    check_sees(by, note)
    check_can_note(by, note.group)
    if note.created_by_id != by.user_id:
        check_can_edit(by, note.group)


def check_can_settle(by: Viewer, requirement: Requirement) -> None:
    """Raise unless ``by`` may answer or withdraw a question.

    Those of whom it is asked may, whoever asked it, and who may change the group.

    Raises:
        NotFound: the question or its group is hidden.
        RightMissing: the right to contribute is missing.
        NotOwner: it is none of theirs.
    """
    check_sees(by, requirement)
    check_can_note(by, requirement.group)
    person = requirement.asked_person_id
    is_asked = requirement.asked_of_id == by.organisation_id
    if requirement.created_by_id == by.user_id or person == by.user_id:
        return
    if not (is_asked and person is None):
        check_can_edit(by, requirement.group)


def check_can_score_second(by: Viewer, scoring: SecondScoring) -> None:
    """Raise unless ``by`` may score a drawn group that they see. A few queries.

    Anyone who records, within the region of the group's owner, may: it changes nothing
    of the group. Not whoever submitted it, judged any attribute of it, or decided on its
    band.

    Raises:
        RightMissing: the right to contribute is missing.
        AnotherRegion: the group's owner is of another region.
        OwnFirstScore: the first score is, in part, their own work.
        AlreadyScored: its second score is there already.
        Overtaken: the group was submitted anew since.
    """
    check_has(by, Right.CONTRIBUTE)
    group = scoring.group
    if group.submitted_at and group.submitted_at > scoring.submitted_at:
        raise Overtaken
    own = Organisation.objects.get(pk=by.organisation_id)
    body = deciding_body(group.owner)
    if deciding_body(own).pk != body.pk:
        raise AnotherRegion(
            f"A second score is made within the region: this group is one of "
            f"{body.short_name}."
        )
    if done := _own_part(by, group):
        raise OwnFirstScore(
            f"You {done}, and a second score is made by someone who had no part in the "
            "first. Leave it to a colleague."
        )
    scores = SecondScore.objects.visible_to(by).filter(scoring=scoring)
    if scores.handed_in().exists():
        raise AlreadyScored("This group has its second score. Nothing is left to do.")


def _own_part(by: Viewer, group: CrimeGroup) -> str:
    """Return what ``by`` did for the first score, as far as they see it; '' if nothing."""
    if group.submitted_by_id == by.user_id:
        return "submitted this group for moderation"
    judged = Judgement.objects.visible_to(by).filter(group=group)
    if judged.filter(created_by_id=by.user_id).exists():
        return "judged an attribute of this group"
    decided = BandDecision.objects.visible_to(by).filter(group=group)
    if decided.filter(Q(created_by=by.user_id) | Q(approved_by=by.user_id)).exists():
        return "decided on the band of this group"
    return ""


def check_not_blind(by: Viewer, group: CrimeGroup) -> None:
    """Raise while ``by`` has begun and not handed in a second score. One query.

    Raises:
        BlindUntilHandedIn: they are scoring this group now.
    """
    if SecondScore.objects.unfinished_of(by).filter(scoring__group=group).exists():
        raise BlindUntilHandedIn
