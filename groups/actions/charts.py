"""Keep a chart for oneself or for others, and take it away again."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from accounts import audit
from accounts.actions import labels
from accounts.exceptions import NotOwner
from accounts.models import Organisation
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions.records import check_fields, held
from groups.exceptions import InvalidRecord
from groups.models import CrimeGroup, Nominal, SavedChart
from groups.models.saved_chart import ChartAudience

_SHARING: Final[Mapping[str, TagKind]] = {
    ChartAudience.PRIVATE: TagKind.ORGANISATION,
    ChartAudience.TEAM: TagKind.ORGANISATION,
    ChartAudience.FORCE: TagKind.FORCE,
}


def save(
    *,
    by: Viewer,
    centre: CrimeGroup | Nominal,
    name: str,
    audience: str,
    query: Mapping[str, Any],
    places: Mapping[str, Any],
) -> SavedChart:
    """Keep a chart of ``centre``; its label is never below that of the centre.

    Raises:
        NotFound, RightMissing: ``by`` may not see the centre, or nothing at all.
        InvalidRecord: there is no name, or no such audience.
        UnknownSharing: ``by`` could not see the chart themselves.
    """
    check_has(by, Right.VIEW)
    if audience not in _SHARING:
        raise InvalidRecord("Choose who finds the chart.", field="audience")
    name = " ".join(name.split())
    if not name:
        raise InvalidRecord("Enter a name for the chart.", field="name")
    with transaction.atomic():
        now = held(by, centre)
        owner = Organisation.objects.get(pk=by.organisation_id)
        chart = SavedChart(
            group=now if isinstance(now, CrimeGroup) else None,
            nominal=now if isinstance(now, Nominal) else None,
            owner=owner,
            name=name,
            audience=audience,
            query=dict(query),
            places=dict(places),
            access_class_id=labels.class_for(
                owner=owner,
                sharing=_sharing(owner, audience),
                parents=[now.access_class_id],
                by=by,
            ),
        )
        check_fields(chart)
        chart.save(force_insert=True)
        chart.refresh_from_db()
        _audit(AuditKind.COLLECTION, chart)
    return chart


def remove(*, by: Viewer, chart: SavedChart) -> None:
    """Take a chart away; only who saved it may.

    Raises:
        NotFound: it is hidden from ``by``, or gone.
        NotOwner: somebody else saved it.
    """
    with transaction.atomic():
        now = held(by, chart)
        if now.created_by_id != by.user_id:
            raise NotOwner("Only the person who saved a chart may remove it.")
        _audit(AuditKind.ERASURE, now)
        now.delete()


def _sharing(owner: Organisation, audience: str) -> TagKind:
    """Return the sharing option; an organisation with no wider one keeps it."""
    codes = {option.code for option in labels.options_for(owner)}
    wanted = _SHARING[audience]
    return wanted if str(wanted) in codes else TagKind.ORGANISATION


def _audit(kind: AuditKind, chart: SavedChart) -> None:
    audit.record(
        kind,
        "groups.SavedChart",
        [chart.pk],
        detail={
            "audience": chart.audience,
            "group": chart.group_id,
            "nominal": chart.nominal_id,
        },
    )
