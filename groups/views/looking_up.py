"""The page “Who is this number?”: one identifier, and everyone seen to use it."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from accounts.visibility import Viewer
from groups.actions import identifiers
from groups.forms.facts import LookUpForm
from groups.models import Identifier, IdentifierUse
from groups.models.identifier import IdentifierKind
from groups.search import keep_term, term_of
from groups.views import cards
from groups.views.finding import reader, record_shown
from ocgmap.common.errors import NotFound
from ocgmap.common.forms import error_links
from ocgmap.common.parameters import check_parameters


@require_http_methods(["GET", "HEAD", "POST"])
def identifier_lookup(request: HttpRequest) -> HttpResponse:
    """Take a number by POST, and show by an opaque id who uses it."""
    viewer = reader(request)
    if request.method == "POST":
        form = LookUpForm(request.POST, viewer=viewer)
        if form.is_valid():
            return redirect(_address(viewer, form))
        context = {"form": form, "links": error_links(form)}
        return render(request, "groups/identifier_lookup.html", context)
    check_parameters(request.GET, {"q", "kind"})
    context = {"form": LookUpForm(viewer=viewer)}
    if "q" in request.GET:
        context |= _answer(viewer, request.GET["q"], request.GET.get("kind", ""))
    return render(request, "groups/identifier_lookup.html", context)


def _address(viewer: Viewer, form: LookUpForm) -> str:
    term = keep_term(viewer, form.cleaned_data["value"])
    query = {"q": str(term.pk)}
    if form.cleaned_data["kind"]:
        query["kind"] = form.cleaned_data["kind"]
    return f"{reverse('groups:identifier_lookup')}?{urlencode(query)}"


def _answer(viewer: Viewer, term_id: str, kind: str) -> dict[str, Any]:
    """Return what the viewer may see of the users of what they looked for.

    Raises:
        NotFound: the search is not one of the viewer's.
    """
    term = term_of(viewer, term_id) if _is_id(term_id) else None
    if term is None or (kind and kind not in IdentifierKind.values):
        raise NotFound
    matches = identifiers.look_up(by=viewer, value=term.text, kind=kind or None)
    head, rows = uses_of(viewer, matches)
    return {
        "form": LookUpForm(viewer=viewer, initial={"value": term.text, "kind": kind}),
        "is_asked": True,
        "head": head,
        "rows": [cells for _, cells in rows],
    }


def uses_of(
    viewer: Viewer, matches: list[Identifier]
) -> tuple[list[cards.Cell], list[tuple[int, list[cards.Cell]]]]:
    """Return the head and the rows of a table of who uses these identifiers, in order.

    Each row comes with the key of its identifier. What is shown is recorded.
    """
    place = {row.pk: number for number, row in enumerate(matches)}
    uses = sorted(
        IdentifierUse.objects.visible_to(viewer)
        .filter(identifier__in=matches)
        .select_related("identifier__owner", "nominal", "group")
        .order_by("to_on", "pk"),
        key=lambda use: place[use.identifier_id],
    )
    used = {use.identifier_id for use in uses}
    users = [user for use in uses for user in (use.nominal, use.group) if user]
    record_shown([*uses, *users])
    rows = [(use.identifier_id, _use_row(use)) for use in uses] + [
        (row.pk, _row(row, {"text": "No use that you may see"}))
        for row in matches
        if row.pk not in used
    ]
    rows.sort(key=lambda row: place[row[0]])
    names = ("Used by", "Kind", "Identifier", "Owner", "Basis", "When")
    return [{"text": name} for name in names], rows


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _use_row(use: IdentifierUse) -> list[cards.Cell]:
    user: cards.Cell = {"text": ""}
    if use.nominal:
        user = cards.person_cell(use.nominal)
    elif use.group:
        user = cards.group_cell(use.group)
    told = [{"text": use.get_basis_display()}, {"text": cards.period(use)}]
    return [*_row(use.identifier, user)[:-2], *told]


def _row(identifier: Identifier, user: cards.Cell) -> list[cards.Cell]:
    return [
        user,
        {"text": identifier.get_kind_display()},
        {"text": identifier.value},
        {"text": identifier.owner.short_name},
        {"text": ""},
        {"text": ""},
    ]
