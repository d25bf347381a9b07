"""Who may judge an attribute, confirm a band, and compare versions of the scheme."""

from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from groups.permissions import check_can_edit


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
