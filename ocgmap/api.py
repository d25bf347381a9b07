"""The router: every resource of the API under one version.

Each app names its resources in its `api/urls.py`. A resource that shows what a higher
app knows is served by that app: groups come with their scores from scoring.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.urls import URLPattern, URLResolver, path, re_path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.routers import SimpleRouter

from accounts.api import urls as accounts_urls
from accounts.api.authentication import ANY, HasTokenOrSession
from accounts.api.resources import Endpoint
from groups.api import urls as groups_urls
from intelligence.api import urls as intelligence_urls
from ocgmap.common.errors import NotFound
from ocgmap.common.parameters import InvalidParameter, check_parameters
from scoring.api import urls as scoring_urls

app_name = "api"
SCHEMA_PARAMETERS = ("format", "lang")
APPS = (accounts_urls, groups_urls, intelligence_urls, scoring_urls)


class Root(Endpoint):
    """Where everything is."""

    scopes: ClassVar = {"GET": ANY}

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """Return the address of each resource."""
        self.refuse_parameters_but()
        return Response(
            {
                prefix: reverse(f"api:{prefix}-list", request=request)
                for prefix, _ in sorted(_resources())
            }
            | {"schema": reverse("api:schema", request=request)}
        )


class Nowhere(Endpoint):
    """An address that is not of the API: the same answer as for an absent record."""

    scopes: ClassVar = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), ANY)

    @extend_schema(exclude=True)
    def get(self, request: Request, rest: str) -> Response:
        """Raise that there is nothing here.

        Raises:
            NotFound: always; a missing slash at the end is pointed out.
        """
        if not rest.endswith("/"):
            raise NotFound("Addresses of this API end with a slash.")
        raise NotFound

    post = put = patch = delete = get


class SchemaView(SpectacularAPIView):
    """The description of this API in OpenAPI; tells of no record.

    The description is YAML or JSON as asked, its errors are those of all addresses.
    """

    permission_classes = [HasTokenOrSession]

    def perform_content_negotiation(
        self, request: Request, force: bool = False
    ) -> tuple[BaseRenderer, str]:
        """Return how to write the description.

        Raises:
            InvalidParameter: the format asked for is none of those there are.
        """
        formats = sorted({str(one.format) for one in self.renderer_classes})
        if not force and request.query_params.get("format", formats[0]) not in formats:
            raise InvalidParameter(
                f"format: Give one of: {', '.join(formats)}.", field="format"
            )
        found: tuple[BaseRenderer, str] = super().perform_content_negotiation(
            request, force
        )
        return found

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let the caller in, and refuse what this address does not know.

        Raises:
            UnknownParameter: a query parameter is neither `format` nor `lang`.
        """
        super().initial(request, *args, **kwargs)
        check_parameters(request.query_params, SCHEMA_PARAMETERS)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Return the answer; an error is JSON whatever was asked for."""
        found: Response = super().finalize_response(request, response, *args, **kwargs)
        if found.exception:
            found.accepted_renderer = JSONRenderer()
            found.accepted_media_type = JSONRenderer.media_type
        return found


def _resources() -> Iterator[tuple[str, type]]:
    for app in APPS:
        yield from app.RESOURCES


def _patterns() -> list[URLPattern | URLResolver]:
    router = SimpleRouter(use_regex_path=False)
    for prefix, resource in _resources():
        router.register(prefix, resource, basename=prefix)
    addresses = [one for app in APPS for one in getattr(app, "ADDRESSES", [])]
    return [
        path("", Root.as_view(), name="root"),
        path("schema/", SchemaView.as_view(), name="schema"),
        *addresses,
        *router.urls,
        re_path(r"^(?P<rest>.*)$", Nowhere.as_view(), name="nowhere"),
    ]


urlpatterns = _patterns()
