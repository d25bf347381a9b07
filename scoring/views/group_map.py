"""The list of groups as a map: how many of them each owner has, with the same filters."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.models import Organisation
from scoring.filters import asked_of, check_names, in_use, query_of, searched
from scoring.forms import GroupListForm
from scoring.views.asking import account, own_scope, reader
from scoring.views.figure_tables import since_disposed
from scoring.views.glance import places
from scoring.views.group_list import by_owner, disposed_of, views_of

Cell = dict[str, Any]


@require_safe
def group_map(request: HttpRequest) -> HttpResponse:
    """Show how many groups of the list each owner has; each number opens those."""
    by = reader(request)
    check_names(request.GET)
    form = GroupListForm(asked_of(request.GET, own_scope(account(request))))
    context: dict[str, Any] = {"form": form}
    if not form.is_valid():
        return render(request, "scoring/group_map.html", context, status=400)
    query = query_of(form)
    term = searched(by, query.term)
    numbers = by_owner(by, query, term)
    audit.consulted("scoring.Picture", [], scope=query.scope.key)
    context |= {
        "query": query,
        "views": views_of(request.GET, "scoring:group_map"),
        "chosen": in_use(form, request.GET),
        "count": sum(numbers.values()),
        "disposed": since_disposed(disposed_of(by, query, term)),
        **_shown(numbers, request.GET),
    }
    return render(request, "scoring/group_map.html", context)


def _shown(numbers: dict[str, int], data: QueryDict) -> dict[str, Any]:
    """Return the tiles, and the table that also has the owners without a tile."""
    names = dict(
        Organisation.objects.filter(code__in=numbers).values_list("code", "short_name")
    )
    stand = places()
    tiles = [
        {
            "q": stand[code][0],
            "r": stand[code][1],
            "name": names[code],
            "value": number,
            "url": _list_of(code, data),
        }
        for code, number in numbers.items()
        if code in stand
    ]
    most = max([1, *numbers.values()])
    rows = [
        [{"text": names[code]}, _bar(code, numbers[code], most, data)]
        for code in sorted(numbers, key=lambda code: names[code])
    ]
    return {
        "tiles": tiles,
        "head": [{"text": "Owner"}, {"text": "Groups"}],
        "rows": rows,
    }


def _bar(code: str, number: int, most: int, data: QueryDict) -> Cell:
    figure = f"owners.{code}"
    url = _list_of(code, data)
    return {"bar": {"value": number, "maximum": most, "url": url, "figure": figure}}


def _list_of(code: str, data: QueryDict) -> str:
    """Return the list with the same filters, of one owner."""
    query = data.copy()
    query.pop("cursor", None)
    query["owner"] = code
    return f"{reverse('scoring:groups')}?{query.urlencode()}"
