"""Who may record, change and read intelligence, over and above its label."""

from accounts.actions.body_rules import deciding_body
from accounts.exceptions import NotOwner
from accounts.models import Organisation
from accounts.permissions import check_has, check_own_account
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.permissions import check_can_edit, check_can_record, check_sees
from intelligence.exceptions import OwnReport
from intelligence.models import Report, Return


def check_can_submit(viewer: Viewer, owner: Organisation) -> None:
    """Raise unless ``viewer`` may submit a graded report for ``owner``. May query.

    The owner's own people may, and the moderating unit of its region.

    Raises:
        PermissionDenied: a right is missing, or the owner is another organisation.
    """
    check_can_record(viewer, owner)
    check_has(viewer, Right.GRADE)


def check_can_change(viewer: Viewer, report: Report) -> None:
    """Raise unless ``viewer`` may withdraw or supersede ``report``. May query.

    Raises:
        NotFound: it is hidden; the answer is the same as for one that is absent.
        PermissionDenied: a right is missing, or the owner is another organisation.
    """
    check_can_edit(viewer, report)


def check_can_read_originals(viewer: Viewer) -> None:
    """Raise unless ``viewer`` may read original texts (their label decides besides).

    Raises:
        PermissionDenied: the right is missing.
    """
    check_has(viewer, Right.READ_ORIGINAL)


def check_can_register(viewer: Viewer, owner: Organisation) -> None:
    """Raise unless ``viewer`` may set what ``owner`` owes, and by when. May query.

    Raises:
        PermissionDenied: a right is missing, or the owner is another organisation.
    """
    check_can_record(viewer, owner)


def check_can_receive(viewer: Viewer, ret: Return) -> None:
    """Raise unless ``viewer`` may mark a return as received. May query.

    Raises:
        NotFound: it is hidden; the answer is the same as for one that is absent.
        PermissionDenied: a right is missing, or the owner is another organisation.
    """
    check_can_edit(viewer, ret)


def check_can_assure(viewer: Viewer, report: Report) -> None:
    """Raise unless ``viewer`` may assure ``report``. May query.

    An assurer of its owner or of the owner's region may, but never its submitter.

    Raises:
        NotFound: it is hidden; the answer is the same as for one that is absent.
        RightMissing: the right to assure is missing.
        NotOwner: the report is of another organisation and region.
        OwnReport: the viewer submitted it.
        OwnAccountNeeded: people work through the viewer's token.
    """
    check_sees(viewer, report)
    check_has(viewer, Right.ASSURE)
    owner = report.owner
    if viewer.organisation_id not in {owner.pk, deciding_body(owner).pk}:
        raise NotOwner(
            f"Only an assurer of {owner.short_name} or of its region may assure this "
            "report.",
            owner=owner.code,
        )
    if report.created_by_id == viewer.user_id:
        raise OwnReport
    check_own_account(viewer)


def check_can_import(viewer: Viewer, owner: Organisation) -> None:
    """Raise unless ``viewer`` may import files of ``owner``. May query.

    Only the owner's own people may: a file holds rows of every audience, also those for
    the organisation alone.

    Raises:
        PermissionDenied: a right is missing, or the owner is another organisation.
    """
    check_can_submit(viewer, owner)
    if owner.pk != viewer.organisation_id:
        raise NotOwner(
            f"Only people of {owner.short_name} can import its files. Submit reports "
            "one by one instead.",
            owner=owner.code,
        )
