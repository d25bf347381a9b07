"""Saved searches over the API: their ids narrow the lists, with the caller's rights."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.reverse import reverse

from accounts.api.authentication import ANY
from accounts.api.fields import ChoicePair, RecordSerializer
from accounts.api.resources import Resource
from groups.filters import RecordFilterSet
from groups.models import SavedSearch
from groups.models.saved_search import SearchAudience, SearchKind
from ocgmap.common.filters import AnyOfFilter

_LISTS: Final[Mapping[str, str]] = {
    SearchKind.GROUPS: "api:groups-list",
    SearchKind.PEOPLE: "api:nominals-list",
    SearchKind.REPORTS: "api:reports-list",
}


class SavedSearchFilterSet(RecordFilterSet):
    """Saved searches by what they look for."""

    kind = AnyOfFilter(choices=SearchKind, help_text="What it looks for.")


class SavedSearchSerializer(RecordSerializer[SavedSearch]):
    """A search that somebody keeps; `results` is where the caller finds what it finds.

    A search over everything has none: it runs on pages only.
    """

    kind = ChoicePair(SearchKind)
    audience = ChoicePair(SearchAudience)
    results = serializers.SerializerMethodField()

    class Meta:
        model = SavedSearch
        fields: ClassVar = [
            *RecordSerializer.BASE,
            "name",
            "kind",
            "audience",
            "query",
            "text",
            "results",
        ]

    def get_results(self, row: SavedSearch) -> str | None:
        """Return the address of what it finds, or null."""
        name = _LISTS.get(row.kind)
        if name is None:
            return None
        address = reverse(name, request=self.context.get("request"))
        return f"{address}?saved_search={row.public_id}"


class SavedSearchResource(Resource[SavedSearch]):
    """Searches that the caller, or somebody for the caller, keeps."""

    scopes: ClassVar[Any] = {"GET": ANY}
    queryset = SavedSearch.objects.none()
    serializer_class = SavedSearchSerializer
    filterset_class = SavedSearchFilterSet
    orderings: ClassVar = {"created": "id", "changed_at": "changed_at"}

    def get_queryset(self) -> QuerySet[SavedSearch]:
        """Return the saved searches that the viewer finds."""
        seen = SavedSearch.objects.visible_to(self.viewer)
        return seen.select_related("owner", "access_class")
