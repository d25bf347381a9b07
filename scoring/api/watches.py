"""What the caller watches, and the notices of it, over the API."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import Scopes
from accounts.api.fields import StrictSerializer
from accounts.api.resources import Endpoint, Listing
from accounts.models import Organisation
from accounts.models.api_token import TokenScope
from groups.models import SavedSearch
from ocgmap.common.errors import NotFound
from ocgmap.common.filters import StrictFilterSet
from ocgmap.common.parameters import check_parameters
from ocgmap.common.records import ProtectedRecord
from scoring.actions import watches
from scoring.filters import usual_scope
from scoring.models import Watch
from scoring.notices import NoticeKind, found_now, news_of, watches_of
from scoring.views.notices import mark
from scoring.views.watching import KINDS, code_of, name_of, target_of, watches_on

READ: Final = TokenScope.NOTICES_READ
WRITE: Final = TokenScope.NOTICES_WRITE
WATCHED: Final = [(code, kind.text) for code, kind in KINDS.items()]
NOTICED: Final = [(kind.value, kind.value.replace("_", " ")) for kind in NoticeKind]


class WatchSerializer(serializers.Serializer[Watch]):
    """What is watched; `id` is the id of the group, person or saved search itself."""

    kind = serializers.SerializerMethodField()
    id = serializers.UUIDField(source="target.public_id", read_only=True)
    reference = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(read_only=True)
    read_until = serializers.DateTimeField(read_only=True)

    @extend_schema_field(serializers.ChoiceField(choices=WATCHED))
    def get_kind(self, row: Watch) -> str:
        """Return what sort of thing is watched."""
        return code_of(row.target)

    def get_reference(self, row: Watch) -> str | None:
        """Return the reference of a group or person; a search has none."""
        return getattr(row.target, "reference", None)

    def get_name(self, row: Watch) -> str:
        """Return the name as it stands on the page of what is watched."""
        return name_of(row.target)


class WatchBody(StrictSerializer):
    """What to watch."""

    kind = serializers.ChoiceField(choices=WATCHED)
    id = serializers.UUIDField()


class WatchFilterSet(StrictFilterSet):
    """Watches are few and are not narrowed."""


class WatchResource(Listing[Watch]):
    """What the caller watches, of what they may see now."""

    scopes: ClassVar[Scopes] = {"GET": READ, "POST": WRITE, "DELETE": WRITE}
    queryset = Watch.objects.none()
    serializer_class = WatchSerializer
    filterset_class = WatchFilterSet
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Watch]:
        """Return the caller's own watches."""
        return watches_of(self.viewer).order_by()

    def shown(self, rows: Sequence[Any]) -> Iterable[ProtectedRecord]:
        """Return what is watched."""
        return [row.target for row in rows]

    @extend_schema(request=WatchBody, responses={201: WatchSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Watch a group, person or saved search; one watched already stays as it is."""
        check_parameters(request.query_params, ())
        body = WatchBody(data=request.data)
        body.is_valid(raise_exception=True)
        by = self.viewer
        target = target_of(by, body.validated_data["kind"], body.validated_data["id"])
        keys: list[int] = []
        if isinstance(target, SavedSearch):
            keys = found_now(by, target, _usual(by.organisation_id))
        made = watches.watch(by=by, target=target, found=keys)
        row = self.get_queryset().get(pk=made.pk)
        self.audit_reading([row.target])
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, id: uuid.UUID) -> Response:  # noqa: A002
        """Stop watching; `id` is that of the group, person or saved search.

        Raises:
            NotFound: it is not watched, hidden, or not there: one answer for all.
        """
        check_parameters(request.query_params, ())
        row = next(
            (one for one in self.get_queryset() if one.target.public_id == id), None
        )
        if row is None:
            raise NotFound
        watches.stop(by=self.viewer, target=row.target)
        return Response(status=status.HTTP_204_NO_CONTENT)


class NoticeSerializer(serializers.Serializer[Any]):
    """One thing that happened to what is watched, as the caller may see it now.

    `before` and `after` are codes, '' where the notice is a number of things.
    """

    watched = WatchSerializer(read_only=True)
    kind = serializers.ChoiceField(choices=NOTICED, read_only=True)
    count = serializers.IntegerField(read_only=True)
    at = serializers.DateTimeField(read_only=True)
    before = serializers.CharField(read_only=True)
    after = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)


class NoticesSerializer(serializers.Serializer[Any]):
    """All notices of the caller: they are bounded by what can be watched."""

    count = serializers.IntegerField(read_only=True)
    until = serializers.DateTimeField(
        read_only=True, help_text="What `POST notices/` takes as read up to."
    )
    results = NoticeSerializer(many=True, read_only=True)


class ReadBody(StrictSerializer):
    """What was read: of one thing, or, without `kind` and `id`, of all."""

    until = serializers.DateTimeField(
        help_text="`until` of the notices that were read, as it was given out."
    )
    kind = serializers.ChoiceField(choices=WATCHED, required=False)
    id = serializers.UUIDField(
        required=False, help_text="Id of the group, person or saved search."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the clean values.

        Raises:
            ValidationError: one of `kind` and `id` stands alone.
        """
        if ("kind" in attrs) != ("id" in attrs):
            raise serializers.ValidationError("Give `kind` and `id`, or neither.")
        return attrs


class Notices(Endpoint):
    """What happened to what the caller watches since they last read of it."""

    scopes: ClassVar[Scopes] = {"GET": READ, "POST": WRITE}

    @extend_schema(responses=NoticesSerializer)
    def get(self, request: Request) -> Response:
        """Return every notice, worked out from what the caller may see now."""
        self.refuse_parameters_but()
        noticed = news_of(self.viewer, _usual(self.viewer.organisation_id))
        self.audit_reading(one.watch.target for one in noticed.news)
        rows = [
            {
                "watched": one.watch,
                "kind": notice.kind,
                "count": notice.count,
                "at": notice.at,
                "before": _code(notice.kind, notice.before),
                "after": _code(notice.kind, notice.after),
                "text": notice.text,
            }
            for one in noticed.news
            for notice in one.notices
        ]
        told = {"count": noticed.count, "until": noticed.until, "results": rows}
        return Response(NoticesSerializer(told).data)

    @extend_schema(request=ReadBody, responses={204: None})
    def post(self, request: Request) -> Response:
        """Take notices as read, as the page does; sent again, it changes nothing.

        What happened after `until` stays to be read.
        """
        self.refuse_parameters_but()
        body = ReadBody(data=request.data)
        body.is_valid(raise_exception=True)
        by, read = self.viewer, body.validated_data
        chosen = watches_of(by)
        if "kind" in read:
            chosen = watches_on(by, read["kind"], read["id"])
        mark(by, chosen, read["until"], _usual(by.organisation_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _code(kind: NoticeKind, value: str) -> str:
    """Return a code as it may be shown; keys of rows and former details are none."""
    inner = {NoticeKind.OWNER, NoticeKind.LABEL, NoticeKind.DETAILS}
    return "" if kind in inner else value


def _usual(organisation_id: int) -> str:
    return usual_scope(Organisation.objects.get(pk=organisation_id))
