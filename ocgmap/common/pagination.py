"""Pages of the API: cursors in the body and in the Link header, counts only on request."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from ocgmap.common.keyset import Order, Page, page_of
from ocgmap.common.parameters import InvalidParameter

M = TypeVar("M", bound=Model)

USUAL_SIZE = 50
LARGEST_SIZE = 500
COUNTED_UP_TO = 10_000
CREATED: Mapping[str, str] = {"created": "id"}
NEWEST_FIRST = "-created"
PARAMETERS = ("cursor", "page_size", "count", "ordering")


class KeysetPagination(BasePagination):
    """One page of a list, in one of the orders that the view names.

    A view's `orderings` maps the names that callers may give to columns, and
    `usual_ordering` is the one taken when they give none. `base_url` is where the
    links lead, if not to the address asked.
    """

    base_url = ""

    def paginate_queryset(
        self,
        queryset: QuerySet[M, Any] | Sequence[Any],
        request: Request,
        view: APIView | None = None,
    ) -> list[Any]:
        """Return the rows of the page that the query parameters ask for.

        Raises:
            InvalidParameter: page_size, ordering or count cannot be meant.
            BadCursor: the cursor is of another address or ordering.
        """
        if not isinstance(queryset, QuerySet):
            raise TypeError("a page is made of a queryset")
        asked = request.query_params
        self.url = self.base_url or request.build_absolute_uri()
        size = _size(asked.get("page_size"))
        order = _order(asked.get("ordering") or usual_of(view), orderings_of(view))
        self.page: Page[M] = page_of(
            queryset, order, size=size, cursor=asked.get("cursor", "")
        )
        self.count = _bounded(queryset) if _wants_count(asked.get("count")) else None
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        """Return the page's body and its Link header."""
        links = {
            "next": self._link(self.page.next),
            "previous": self._link(self.page.previous),
        }
        body = {**links, "results": data}
        if self.count is not None:
            body["count"] = self.count
        response = Response(body)
        relations = {"next": links["next"], "prev": links["previous"]}
        header = [f'<{url}>; rel="{name}"' for name, url in relations.items() if url]
        if header:
            response["Link"] = ", ".join(header)
        return response

    def _link(self, cursor: str) -> str | None:
        if not cursor:
            return None
        return replace_query_param(
            remove_query_param(self.url, "count"), "cursor", cursor
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the shape of a page of ``schema``."""
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": link,
                "previous": link,
                "results": schema,
                "search": {
                    "type": "string",
                    "format": "uuid",
                    "description": "Only of a search: give it as `q` to narrow a list.",
                },
                "count": {
                    "type": "object",
                    "description": "Only with count=true.",
                    "required": ["value", "label", "is_exact"],
                    "properties": {
                        "value": {"type": "integer"},
                        "label": {"type": "string", "example": f"{COUNTED_UP_TO:,}+"},
                        "is_exact": {"type": "boolean"},
                    },
                },
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Return the query parameters that ask for a page."""
        names = list(orderings_of(view))
        return [
            _parameter("cursor", {"type": "string"}, "Where `next` left off."),
            _parameter(
                "page_size",
                {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": LARGEST_SIZE,
                    "default": USUAL_SIZE,
                },
                "How many rows a page holds.",
            ),
            _parameter(
                "count",
                {"type": "boolean", "default": False},
                f"Count the rows as well, up to {COUNTED_UP_TO:,}.",
            ),
            _parameter(
                "ordering",
                {
                    "type": "string",
                    "enum": [sign + name for name in names for sign in ("", "-")],
                    "default": usual_of(view),
                },
                "The order of the rows; ties keep the order in which they were made.",
            ),
        ]


def orderings_of(view: Any) -> Mapping[str, str]:
    """Return the orders that a view offers: their names, and the columns behind them."""
    return getattr(view, "orderings", None) or CREATED


def usual_of(view: Any) -> str:
    """Return the order that a view's list has when none is asked for."""
    return getattr(view, "usual_ordering", NEWEST_FIRST)


def _parameter(name: str, schema: dict[str, Any], text: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": text,
    }


def _size(text: str | None) -> int:
    if text is None:
        return USUAL_SIZE
    if text.isascii() and text.isdigit() and len(text) < 5:
        size = int(text)
        if 1 <= size <= LARGEST_SIZE:
            return size
    raise InvalidParameter(
        f"page_size: Give a whole number from 1 to {LARGEST_SIZE}; a page holds at "
        f"most {LARGEST_SIZE} rows, so follow `next` for more.",
        field="page_size",
    )


def _order(wanted: str, orderings: Mapping[str, str]) -> Order:
    name = wanted.removeprefix("-")
    if name in orderings:
        return Order(orderings[name], descending=wanted.startswith("-"))
    names = ", ".join(f"{one}, -{one}" for one in orderings)
    raise InvalidParameter(
        f"ordering: This list can be put in the order {names}.",
        field="ordering",
    )


def _wants_count(text: str | None) -> bool:
    if text in {None, "true", "false"}:
        return text == "true"
    raise InvalidParameter("count: Give true or false.", field="count")


def _bounded(queryset: QuerySet[Any, Any]) -> dict[str, Any]:
    """Return how many rows there are, counting no further than the bound."""
    found = queryset.order_by()[: COUNTED_UP_TO + 1].count()
    value = min(found, COUNTED_UP_TO)
    is_exact = found <= COUNTED_UP_TO
    return {
        "value": value,
        "label": f"{value:,}" if is_exact else f"{value:,}+",
        "is_exact": is_exact,
    }
