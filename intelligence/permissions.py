"""Who may record, change and read intelligence, over and above its label."""

from accounts.actions.labels import region_of
from accounts.models import Organisation
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from intelligence.models import Report, Return
from ocgmap.common.errors import PermissionDenied


def check_acts_for(viewer: Viewer, owner: Organisation) -> None:
    """Raise unless ``viewer`` may change what ``owner`` owns.

    That is: people of the owner, and those who moderate for its region. May query.

    Raises:
        PermissionDenied: the owner is another organisation.
    """
    if owner.pk == viewer.organisation_id:
        return
    if viewer.has(Right.MODERATE):
        region = region_of(owner)
        if region is not None and region.pk == viewer.organisation_id:
            return
    raise PermissionDenied(
        f"This belongs to {owner.short_name}. Only its own people, or the lead of its "
        "region, can change it. Ask them.",
        field="owner",
    )


def check_can_submit(viewer: Viewer, owner: Organisation) -> None:
    """Raise unless ``viewer`` may submit a graded report for ``owner``."""
    check_has(viewer, Right.CONTRIBUTE)
    check_has(viewer, Right.GRADE)
    check_acts_for(viewer, owner)


def check_can_change(viewer: Viewer, report: Report) -> None:
    """Raise unless ``viewer`` may withdraw or supersede ``report``."""
    check_has(viewer, Right.CONTRIBUTE)
    check_acts_for(viewer, report.owner)


def check_can_read_originals(viewer: Viewer) -> None:
    """Raise unless ``viewer`` may read original texts (their label decides besides)."""
    check_has(viewer, Right.READ_ORIGINAL)


def check_can_register(viewer: Viewer, owner: Organisation) -> None:
    """Raise unless ``viewer`` may set what ``owner`` owes, and by when."""
    check_has(viewer, Right.CONTRIBUTE)
    check_acts_for(viewer, owner)


def check_can_receive(viewer: Viewer, ret: Return) -> None:
    """Raise unless ``viewer`` may mark a return as received."""
    check_has(viewer, Right.CONTRIBUTE)
    check_acts_for(viewer, ret.owner)
