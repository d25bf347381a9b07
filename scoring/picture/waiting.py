"""Which submissions about the groups of a scope wait to be included."""

import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.visibility import Viewer
from groups.models import CrimeGroup
from scoring.models import Receipt
from scoring.models.outbox import ReceiptState
from scoring.picture.scopes import PictureScope, owners_in


def queued(
    viewer: Viewer, scope: PictureScope, day: datetime.date
) -> QuerySet[Receipt, Any]:
    """Return the receipts that wait, of groups of a place, as the reader sees them."""
    rows = Receipt.objects.visible_to(viewer).filter(
        state=ReceiptState.QUEUED, group__in=CrimeGroup.objects.visible_to(viewer)
    )
    owners = owners_in(scope, day)
    return rows if owners is None else rows.filter(group__owner_id__in=owners)
