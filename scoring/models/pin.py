"""The saved searches that an account chose for the dashboards it opens."""

from typing import Final, Self

from django.db import models
from django.db.models.functions import Now

from accounts.models import User
from accounts.visibility import Viewer
from groups.models import SavedSearch
from groups.models.saved_search import SearchKind

# What a dashboard shows of them, and so what one account can choose.
MOST_PINNED: Final = 6


def is_pinnable(saved: SavedSearch) -> bool:
    """Return whether a dashboard can show a search: of groups, and of no past day."""
    return saved.kind == SearchKind.GROUPS and not any(saved.query.get("at", ()))


class SearchPinQuerySet(models.QuerySet["SearchPin"]):
    """Which pins?"""

    def visible_to(self, viewer: Viewer) -> Self:
        """Keep the viewer's own pins of the searches that they find now."""
        seen = SavedSearch.objects.visible_to(viewer)
        return self.filter(user_id=viewer.user_id, search__in=seen)


class SearchPin(models.Model):
    """That an account wants to see how many groups a saved search finds in a place.

    The row is hidden from its own account while the search is. As with watches, the
    migration lays the key to the search, so that the database takes pins away with it.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    search = models.ForeignKey(
        SavedSearch,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SearchPinQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "search"], name="scoring_searchpin_once"
            )
        ]

    def __str__(self) -> str:
        return f"pin {self.pk}"
