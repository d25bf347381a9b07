"""Find groups and people by name, among rows that are visible already.

Every word must stand in a name or alias, in any order; a reference finds its record.
The text never stands in an address: it is kept as a `SearchTerm` for one user.
"""

import re

from django.db.models import Exists, OuterRef, Q

from accounts.models import SearchTerm
from accounts.visibility import Viewer
from groups.models import CrimeGroup, GroupAlias, Identifier, Nominal, NominalAlias
from groups.models.crime_group import CrimeGroupQuerySet
from groups.models.identifier import IdentifierKind
from groups.models.nominal import NominalQuerySet
from groups.normalise import normalise
from ocgmap.common.identifiers import is_reference
from ocgmap.common.ranking import Found, found_among

MOST_WORDS = 8
_NO_PART = re.compile(r"[\s()./-]+")


def keep_term(viewer: Viewer, text: str) -> SearchTerm:
    """Return the term under which ``viewer``'s search can be asked again."""
    return SearchTerm.objects.create(user_id=viewer.user_id, text=_plain(text))


def term_of(viewer: Viewer, term_id: str) -> SearchTerm | None:
    """Return a term of ``viewer``'s own, or None if there is none such."""
    return SearchTerm.objects.filter(pk=term_id, user_id=viewer.user_id).first()


def groups_matching(viewer: Viewer, text: str) -> CrimeGroupQuerySet:
    """Return the visible groups with this text in their names, or this reference."""
    text = _plain(text)
    seen = CrimeGroup.objects.visible_to(viewer)
    aliases = GroupAlias.objects.visible_to(viewer).filter(group=OuterRef("pk"))
    named = seen
    for word in _words(text):
        named = named.filter(
            Q(name__icontains=word) | Exists(aliases.filter(name__icontains=word))
        )
    whole = text.strip()
    return seen.filter(
        Q(pk__in=named.values("pk"))
        | Q(reference__iexact=whole)
        | Q(owner_reference__iexact=whole)
    )


def people_matching(viewer: Viewer, text: str) -> NominalQuerySet:
    """Return the visible people with this text in their names, or this reference."""
    text = _plain(text)
    seen = Nominal.objects.visible_to(viewer)
    aliases = NominalAlias.objects.visible_to(viewer).filter(nominal=OuterRef("pk"))
    named = seen
    for word in _words(text):
        also = aliases.filter(
            Q(given_names__icontains=word) | Q(surname__icontains=word)
        )
        named = named.filter(
            Q(given_names__icontains=word)
            | Q(surname__icontains=word)
            | Q(designation__icontains=word)
            | Exists(also)
        )
    return seen.filter(Q(pk__in=named.values("pk")) | Q(reference__iexact=text.strip()))


def groups_found(viewer: Viewer, text: str) -> Found:
    """Return the visible groups of this reference, name or the like, best first."""
    seen = CrimeGroup.objects.visible_to(viewer)
    return found_among(seen, "ocgmap_find_groups", exactly(text))


def people_found(viewer: Viewer, text: str) -> Found:
    """Return the visible people of this reference, name or the like, best first."""
    seen = Nominal.objects.visible_to(viewer)
    return found_among(seen, "ocgmap_find_people", exactly(text))


def identifiers_found(viewer: Viewer, text: str) -> Found:
    """Return the visible identifiers that are this, hold it, or are nearly it."""
    text, is_exact = exactly(text)
    same = sorted({normalise(kind, text) for kind in IdentifierKind} - {""})
    part = "" if is_exact else _compact(text)
    seen = Identifier.objects.visible_to(viewer)
    return found_among(seen, "ocgmap_find_identifiers", [text, same, part])


def exactly(text: str) -> tuple[str, bool]:
    """Return what is looked for, and whether nothing that is only like it will do.

    So it is with a text in quotation marks, and with a reference.
    """
    text = _plain(text).strip()
    bare = text.strip('"')
    is_quoted = len(text) > len(bare) + 1 and text[0] == text[-1] == '"'
    return (bare, True) if is_quoted else (text, is_reference(text))


def _compact(text: str) -> str:
    """Return the part of a number that every spelling of it holds."""
    compact = _NO_PART.sub("", text).upper()
    return compact.lstrip("0") if compact.isdigit() else compact


def _plain(text: str) -> str:
    """Return the text without what no text column can hold."""
    return text.replace("\0", " ")


def _words(text: str) -> list[str]:
    return text.split()[:MOST_WORDS]
