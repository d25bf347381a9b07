"""By what an open list of groups knows that it would look otherwise now."""

import json
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.crypto import salted_hmac

from ocgmap.common.columns import PARAMETER


def digest_of(listing: Any) -> str:
    """Return a keyed digest of what a page of the list shows, and of nothing else.

    In whichever order: among equals it is that in which they were scored.
    """
    told = sorted(
        json.dumps([row.group_id, row.cells], default=str) for row in listing.rows
    )
    content = json.dumps([told, listing.count, listing.memberships])
    return salted_hmac(__name__, content, algorithm="sha256").hexdigest()[:32]


def newer_url(data: QueryDict, listing: Any) -> str:
    """Return what an open page asks, to hear whether it shows what stands."""
    query = data.copy()
    query.pop(PARAMETER, None)
    query["digest"] = digest_of(listing)
    return f"{reverse('scoring:newer_groups')}?{query.urlencode()}"
