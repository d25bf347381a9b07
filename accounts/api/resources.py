"""The base of every resource: scopes, strict parameters, visible rows, audited reads."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from django.db.models import Model
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts.api.authentication import Scopes, viewer_of
from accounts.api.parsers import StrictJSONParser
from accounts.api.reading import record_reading
from accounts.api.schema import EndpointSchema
from accounts.visibility import Viewer
from ocgmap.common.parameters import check_parameters
from ocgmap.common.records import ProtectedRecord

M = TypeVar("M", bound=Model)


class Endpoint(APIView):
    """An address of the API. `scopes` names what each method needs of a token.

    Several scopes mean: any of them. A method that is not named is not allowed.
    """

    scopes: ClassVar[Scopes] = {}
    parser_classes = (StrictJSONParser,)
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    schema = EndpointSchema()

    @property
    def viewer(self) -> Viewer:
        """Return who asks."""
        return viewer_of(self.request)

    def refuse_parameters_but(self, *known: str) -> None:
        """Raise when a query parameter is not one of ``known``, or came twice."""
        check_parameters(self.request.query_params, known)

    def audit_reading(self, records: Iterable[ProtectedRecord]) -> None:
        """Record that these were shown, with the filter that found them."""
        query = {
            name: values
            for name, values in self.request.query_params.lists()
            if name != "cursor"
        }
        record_reading(self.viewer, records, **({"query": query} if query else {}))


class Listing(Endpoint, GenericViewSet[M]):
    """A list of the rows of one model that the viewer may see.

    `get_queryset` starts with `visible_to(self.viewer)`. `orderings` maps names of
    orders to columns. `shown` says which protected records a row speaks of.
    """

    orderings: ClassVar[Mapping[str, str]] = {"created": "id"}
    usual_ordering = "-created"

    def shown(self, rows: Sequence[Any]) -> Iterable[ProtectedRecord]:
        """Return the protected records that these rows show; they are audited."""
        return [row for row in rows if isinstance(row, ProtectedRecord)]

    def complete(self, rows: Sequence[Any]) -> None:
        """Fetch for these rows what the serializer adds to them from elsewhere."""

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one page of rows."""
        return self.page(self.filter_queryset(self.get_queryset()))

    def page(self, queryset: Any) -> Response:
        """Return one page of these rows, audited."""
        rows = self.paginate_queryset(queryset) or []
        self.complete(rows)
        self.audit_reading(self.shown(rows))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


class Resource(Listing[M]):
    """A list of rows, and each row by its id.

    `detail_parameters` are those that an address of one row takes: usually none.
    """

    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    detail_serializer_class: type[BaseSerializer[Any]] | None = None
    detail_parameters: Sequence[str] = ()

    def get_serializer_class(self) -> type[BaseSerializer[M]]:
        """Return the serializer of the list, or the fuller one of a single row."""
        if self.action == "retrieve" and self.detail_serializer_class:
            return self.detail_serializer_class
        return super().get_serializer_class()

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one row; hidden and absent are the same answer."""
        row = self.get_object()
        self.complete([row])
        self.audit_reading(self.shown([row]))
        return Response(self.get_serializer(row).data)
