"""What the published description says of every address: token, scope, errors."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from accounts.actions.tokens import OFFICER_HEADER
from accounts.api.authentication import ANY, scopes_for


class ProblemSerializer(serializers.Serializer[Any]):
    """Every error: a stable code, a sentence for people, and details."""

    code = serializers.CharField()
    message = serializers.CharField()
    details = serializers.DictField(
        help_text="`fields` names each field or parameter with what is wrong with it."
    )


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The bearer token."""

    target_class = "accounts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return how the token is sent."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "`Authorization: Bearer ocgm_….…`; `manage.py create_token` "
            "makes one, with scopes and at most 90 days of life.",
        }


class EndpointSchema(AutoSchema):
    """Each operation with the scope it needs and the errors it can give."""

    PROBLEMS = {
        "400": "A parameter, field or body is wrong; `details.fields` names it.",
        "401": "No token, or one that is unknown, expired, revoked or of another "
        "network.",
        "403": "The token lacks the scope, or its account the right.",
        "404": "There is no such record, or it is not visible: the same answer.",
    }

    def _is_list_view(self, serializer: Any = None) -> bool:
        return self._is_search() or bool(super()._is_list_view(serializer))

    def _is_search(self) -> bool:
        return getattr(self.view, "action", "") == "search"

    def get_override_parameters(self) -> list[Any]:
        """Return the header that says for whom a call is made."""
        return [
            OpenApiParameter(
                OFFICER_HEADER,
                str,
                OpenApiParameter.HEADER,
                description="The id of the officer for whom the call is made; recorded. "
                "Must be sent with a token through which people work.",
            )
        ]

    def get_filter_backends(self) -> list[Any]:
        """Return what narrows the list; a search is narrowed by its body alone."""
        return [] if self._is_search() else list(super().get_filter_backends())

    def get_description(self) -> str:  # type: ignore[override]
        """Return the method's own words, and the scope."""
        wanted = scopes_for(self.view, self.method)
        if not wanted:
            return str(super().get_description())
        names = " or ".join(f"`{scope}`" for scope in wanted)
        needs = "Any token." if ANY in wanted else f"Scope: {names}."
        return f"{super().get_description()}\n\n{needs}"

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Return the operation with its errors."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        if self._is_search():
            operation["parameters"] = [
                one for one in operation["parameters"] if one["name"] != "cursor"
            ]
        problem = self.resolve_serializer(ProblemSerializer, "response").ref
        has_id = "{" in self.path
        for status, text in self.PROBLEMS.items():
            if status != "404" or has_id:
                operation["responses"].setdefault(status, _answer(text, problem))
        for status, answer in operation["responses"].items():
            if status >= "400" and "content" not in answer:
                operation["responses"][status] = _answer(answer["description"], problem)
        return operation


def _answer(text: str, problem: Any) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": problem}}
    return {"description": text, "content": content}
