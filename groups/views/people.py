"""Pages of people: find them, show one, record one, change one."""

import uuid
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import can, check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.filters import NominalFilterSet
from groups.forms.people import PersonSearchForm
from groups.models import (
    IdentifierUse,
    Involvement,
    Membership,
    Nominal,
    NominalAlias,
    PersonLink,
)
from groups.models.participation import SAFEGUARDED
from groups.permissions import check_can_edit, editable, may_be_child
from groups.search import keep_term, term_of
from groups.views import cards, tables
from groups.views.finding import nominal_for, reader, record_shown
from groups.views.lists import columns_of, listed
from groups.views.reading import MOST_ROWS, audience_of
from groups.views.saved import choices
from ocgmap.common.columns import PARAMETER
from ocgmap.common.date_fields import PreciseDate
from ocgmap.common.forms import ErrorLink, error_links
from ocgmap.common.keyset import Order
from ocgmap.common.ranking import counted
from ocgmap.common.records import Precision
from ocgmap.common.templatetags.govuk import uk_date

BY_SURNAME = Order("surname")
# The code of each column, for the address.
COLUMNS = {
    "person": "Person",
    "reference": "Reference",
    "born": "Born",
    "owner": "Owner",
}


@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """Show the people that a search finds, a page at a time."""
    viewer = reader(request)
    term_id = request.GET.get("q", "")
    asked = bool(request.GET.keys() - {"cursor", PARAMETER})
    seen = Nominal.objects.visible_to(viewer) if asked else Nominal.objects.none()
    shown = listed(
        request,
        NominalFilterSet,
        seen.select_related("owner"),
        BY_SURNAME,
        hidden=("group", "q"),
        also=(PARAMETER,),
    )
    record_shown(shown.page.rows)
    term = term_of(viewer, term_id) if shown.is_right and term_id else None
    columns = columns_of(request, "people", COLUMNS)
    table = people_table(shown.page.rows)
    context = {
        "form": PersonSearchForm(
            viewer=viewer, initial={"q": term.text if term else ""}
        ),
        "links": _wrong(shown.form),
        "shown": shown,
        "is_asked": asked and shown.is_right,
        "count": counted(shown.rows, "person", "people") if asked else None,
        "columns": columns,
        "query": request.GET.urlencode(),
        "saved": choices(viewer, "people", request.GET),
        "table": {
            "head": columns.of(table["head"]),
            "rows": [columns.of(row) for row in table["rows"]],
        },
        "may_record": can(check_has, viewer, Right.CONTRIBUTE),
    }
    return render(request, "groups/people_list.html", context, status=shown.status)


def _wrong(form: forms.Form) -> list[ErrorLink]:
    """Return what is wrong with the address; its parameters have no field to go to."""
    said = [
        (str(form.fields[name].label), str(text))
        for name, errors in form.errors.items()
        for text in errors
    ]
    return [
        ErrorLink(text if label in text else f"{label}: {text}") for label, text in said
    ]


def people_table(people: list[Nominal]) -> tables.Table:
    """Return the table of these people, one row each."""
    return {
        "head": [{"text": name} for name in COLUMNS.values()],
        "rows": [
            [
                cards.person_cell(one),
                {"text": one.reference},
                {"text": uk_date(born_of(one))},
                {"text": one.owner.short_name},
            ]
            for one in people
        ],
    }


def born_of(nominal: Nominal) -> PreciseDate:
    """Return the birth date as far as it is known."""
    return PreciseDate(
        nominal.born_from, nominal.born_to, Precision(nominal.born_precision)
    )


@require_POST
def people_search(request: HttpRequest) -> HttpResponse:
    """Keep what is looked for under an opaque id, and show what it finds."""
    viewer = reader(request)
    form = PersonSearchForm(request.POST, viewer=viewer)
    if not form.is_valid():
        context = {"form": form, "links": error_links(form)}
        return render(request, "groups/people_list.html", context)
    term = keep_term(viewer, form.cleaned_data["q"])
    return redirect(f"{reverse('groups:people_list')}?q={term.pk}")


@require_safe
def person_page(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show one person: names, identifiers, and groups and people they belong with."""
    viewer = reader(request)
    nominal = nominal_for(viewer, public_id)
    may_edit = can(check_can_edit, viewer, nominal)
    aliases = _of(NominalAlias, viewer, nominal)
    uses = _of(IdentifierUse, viewer, nominal).select_related("identifier")
    memberships = _of(Membership, viewer, nominal).select_related("group")
    involvements = _of(Involvement, viewer, nominal).select_related("group")
    links = _links(viewer, nominal)
    is_free = not nominal.restriction_ground
    context = {
        "nominal": nominal,
        "may_edit": may_edit,
        "may_link": is_free and can(check_has, viewer, Right.CONTRIBUTE),
        "tags": _tags(nominal, involvements),
        "facts": _facts(nominal),
        "record": cards.record_rows(nominal, audience_of(nominal)),
        "aliases": tables.person_aliases(
            nominal, aliases, editable=_changeable(viewer, nominal, aliases)
        ),
        "identifiers": tables.identifiers(
            nominal, uses, editable=_changeable(viewer, nominal, uses)
        ),
        "groups": _groups_table(memberships, involvements),
        "links": tables.person_links(
            nominal, links, editable=_changeable(viewer, nominal, links)
        ),
    }
    record_shown(
        [
            nominal,
            *aliases,
            *uses,
            *(use.identifier for use in uses),
            *memberships,
            *involvements,
            *(one.group for one in [*memberships, *involvements]),
            *links,
            *(end for link in links for end in (link.a, link.b)),
        ]
    )
    return render(request, "groups/person_detail.html", context)


def _changeable(viewer: Viewer, nominal: Nominal, rows: Any) -> frozenset[int]:
    """Return the ids of those of the person's facts that the viewer may change."""
    return frozenset() if nominal.restriction_ground else editable(viewer, rows)


def _of(model: Any, viewer: Viewer, nominal: Nominal) -> Any:
    rows = model.objects.visible_to(viewer).filter(nominal=nominal)
    return rows.select_related("owner").order_by("to_on", "pk")[:MOST_ROWS]


def _links(viewer: Viewer, nominal: Nominal) -> list[PersonLink]:
    """Return the visible links of a person; a link is stricter than both its ends."""
    rows = PersonLink.objects.visible_to(viewer).filter(Q(a=nominal) | Q(b=nominal))
    return list(rows.select_related("a", "b", "owner").order_by("pk")[:MOST_ROWS])


def _tags(nominal: Nominal, involvements: Any) -> list[dict[str, str]]:
    """Return what leads on the page: that the person was harmed, or is a child."""
    tags = []
    if nominal.restriction_ground:
        tags.append({"text": "Processing restricted", "colour": "red"})
    if any(one.kind in SAFEGUARDED and one.to_on is None for one in involvements):
        tags.append({"text": "Victim or exploited", "colour": "red"})
    if may_be_child(nominal):
        tags.append({"text": "Under 18", "colour": "orange"})
    if not nominal.is_identified:
        tags.append({"text": "Not identified", "colour": "grey"})
    return tags


def _facts(nominal: Nominal) -> list[cards.Row]:
    return [
        cards.row("Given names", nominal.given_names),
        cards.row("Surname", nominal.surname),
        cards.row("Designation", nominal.designation or "None"),
        cards.row("Born", {"text": uk_date(born_of(nominal))}),
        cards.row("Gender", nominal.get_gender_display()),
        cards.row("Died", {"text": uk_date(nominal.deceased_on) or "Not recorded"}),
    ]


def _groups_table(memberships: Any, involvements: Any) -> tables.Table:
    """Return the groups of a person: where they were harmed comes first."""
    harmed = [one for one in involvements if one.kind in SAFEGUARDED]
    others = [one for one in involvements if one.kind not in SAFEGUARDED]
    rows: list[list[cards.Cell]] = [
        [
            cards.group_cell(one.group),
            {"text": one.get_kind_display()},
            {"text": one.get_dpa_category_display()},
            {"text": cards.period(one)},
        ]
        for one in harmed
    ]
    rows += [
        [
            cards.group_cell(one.group),
            {"text": f"Member: {one.get_standing_display().lower()}"},
            {"text": one.get_dpa_category_display()},
            {"text": cards.period(one)},
        ]
        for one in memberships
    ]
    rows += [
        [
            cards.group_cell(one.group),
            {"text": one.get_kind_display()},
            {"text": one.get_dpa_category_display()},
            {"text": cards.period(one)},
        ]
        for one in others
    ]
    heads = ("Group", "As", "Category", "When")
    return {"head": [{"text": name} for name in heads], "rows": rows}
