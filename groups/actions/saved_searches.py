"""Keep a search under a name, for oneself or for others, and take it away again."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction

from accounts import audit
from accounts.actions import labels
from accounts.exceptions import NotOwner
from accounts.models import Organisation
from accounts.models.access_class import TagKind
from accounts.models.audit_event import AuditKind
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from groups.actions.records import check_fields, held
from groups.exceptions import InvalidRecord
from groups.models import SavedSearch
from groups.models.saved_search import SearchAudience, SearchKind

_SHARING: Final[Mapping[str, TagKind]] = {
    SearchAudience.PRIVATE: TagKind.ORGANISATION,
    SearchAudience.TEAM: TagKind.ORGANISATION,
    SearchAudience.FORCE: TagKind.FORCE,
    SearchAudience.REGION: TagKind.REGION,
}


def save(
    *,
    by: Viewer,
    kind: str,
    name: str,
    audience: str,
    query: Mapping[str, Sequence[str]],
    text: str = "",
) -> SavedSearch:
    """Keep a search; what it finds is asked anew each time, for whoever runs it.

    Raises:
        RightMissing: ``by`` may not see intelligence.
        InvalidRecord: there is no name, kind or audience such as this.
    """
    check_has(by, Right.VIEW)
    if kind not in SearchKind.values:
        raise InvalidRecord("There is no such list.", field="kind")
    owner = Organisation.objects.get(pk=by.organisation_id)
    sharing = _sharing(owner, audience)
    with transaction.atomic():
        saved = SavedSearch(
            owner=owner,
            kind=kind,
            name=" ".join(name.split()),
            audience=audience,
            query={name: list(values) for name, values in query.items()},
            text=text,
            access_class_id=labels.class_for(owner=owner, sharing=sharing, by=by),
        )
        check_fields(saved)
        saved.save(force_insert=True)
        saved.refresh_from_db()
        _audit(AuditKind.COLLECTION, saved)
    return saved


def remove(*, by: Viewer, saved: SavedSearch) -> None:
    """Take a saved search away; only who saved it may.

    Raises:
        NotFound: it is hidden from ``by``, or gone.
        NotOwner: somebody else saved it.
    """
    with transaction.atomic():
        now = held(by, saved)
        if now.created_by_id != by.user_id:
            raise NotOwner("Only the person who saved a search may remove it.")
        _audit(AuditKind.ERASURE, now)
        now.delete()


def audiences_for(owner: Organisation) -> list[tuple[str, str]]:
    """Return who an account of this organisation may share a search with."""
    codes = {option.code for option in labels.options_for(owner)}
    return [
        (value, str(text))
        for value, text in SearchAudience.choices
        if str(_SHARING[value]) in codes
    ]


def _sharing(owner: Organisation, audience: str) -> TagKind:
    if audience not in dict(audiences_for(owner)):
        raise InvalidRecord("Choose who finds the search.", field="audience")
    return _SHARING[audience]


def _audit(kind: AuditKind, saved: SavedSearch) -> None:
    audit.record(
        kind,
        "groups.SavedSearch",
        [saved.pk],
        detail={"audience": saved.audience, "kind": saved.kind},
    )
