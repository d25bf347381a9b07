"""Choose the columns of a list; the choice is remembered for the account."""

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.actions import columns
from groups.views.people import COLUMNS as PEOPLE
from intelligence.views.cells import COLUMNS as REPORTS
from ocgmap.common.columns import PARAMETER
from ocgmap.common.errors import NotFound
from scoring.views.asking import reader
from scoring.views.group_rows import COLUMNS as GROUPS

LISTS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "groups": ("scoring:groups", GROUPS),
    "people": ("groups:people_list", PEOPLE),
    "reports": ("intelligence:reports", REPORTS),
}


@require_POST
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the columns, and show the list with them and the filters it had.

    Raises:
        NotFound: there is no such list.
    """
    by = reader(request)
    if code not in LISTS:
        raise NotFound
    address, names = LISTS[code]
    wanted = [one for one in request.POST.getlist(PARAMETER) if one in names]
    columns.choose(by=by, list_code=code, codes=wanted)
    query = QueryDict(request.POST.get("query", "")[:4000], mutable=True)
    query[PARAMETER] = ",".join(wanted)
    return redirect(f"{reverse(address)}?{query.urlencode(safe=',')}")
