"""Who may judge, confirm a band, say something against it, and answer questions."""

from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from groups.permissions import check_can_edit, check_sees
from scoring.models import AnalyticNote, Requirement


def check_can_judge(by: Viewer, group: CrimeGroup) -> None:
    """Raise unless ``by`` may judge the attributes of ``group``.

    The owner's own analysts may, and the moderating unit of its region.

    Raises:
        NotFound: the group is hidden.
        RightMissing: the right to contribute is missing.
        NotOwner: the group belongs to somebody else.
    """
    check_can_edit(by, group)


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
