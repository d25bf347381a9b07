"""Every kind of fact as addresses name it: its model, its words, its correction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db.models import Q

from accounts.visibility import Viewer
from groups.actions import activity_corrections, aliases, identifiers, links, threats
from groups.actions.activity_corrections import parts_version
from groups.forms.corrections import (
    CorrectActivityForm,
    CorrectAliasForm,
    CorrectGroupLinkForm,
    CorrectPersonAliasForm,
    CorrectPersonLinkForm,
    CorrectTellingForm,
    CorrectThreatForm,
)
from groups.forms.fields import telling_of
from groups.models import (
    Activity,
    ActivityPlace,
    ActivityQuantity,
    CrimeGroup,
    GroupAlias,
    GroupLink,
    GroupThreat,
    IdentifierUse,
    Involvement,
    Membership,
    Nominal,
    NominalAlias,
    PersonLink,
)
from ocgmap.common.errors import NotFound


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact: its model, what it is called, and what points at its parent.

    `correct` is the action that corrects it, and `form` asks for the values; without
    them the kind has a page of its own for changes.
    """

    model: type[Any]
    text: str
    columns: tuple[str, ...] = ("group",)
    page: str = "groups:detail"
    form: type[CorrectTellingForm] | None = None
    correct: Callable[..., Any] | None = None
    argument: str = ""

    def of(self, viewer: Viewer, parent: CrimeGroup | Nominal) -> Any:
        """Return the facts of this kind about a group or person that stand."""
        points = Q()
        for column in self.columns:
            points |= Q(**{column: parent})
        return self.model.objects.visible_to(viewer).filter(points)

    def present(self, viewer: Viewer, fact: Any) -> dict[str, Any]:
        """Return a fact as it stands, for the form that corrects it."""
        columns = self.form.columns if self.form else ()
        values = {name: _value(fact, name) for name in columns}
        version = fact.version
        if self.model is Activity:
            version = parts_version(viewer, fact)
        return {**values, "version": version, **telling_of(fact)}


def _value(fact: Any, name: str) -> Any:
    """Return a column as a form shows it: reference data by code, 2.000 as 2."""
    value = getattr(fact, name)
    if isinstance(value, Decimal):
        return Decimal(f"{value.normalize():f}")
    return getattr(value, "code", value)


def part_values(
    part: ActivityPlace | ActivityQuantity, columns: tuple[str, ...]
) -> dict[str, Any]:
    """Return a place or quantity as its row of the form shows it."""
    return {name: _value(part, name) for name in columns} | {"part": part.public_id}


def kind_of(kinds: Mapping[str, FactKind], name: str) -> FactKind:
    """Return the kind that an address names.

    Raises:
        NotFound: there is no such kind.
    """
    if name not in kinds:
        raise NotFound
    return kinds[name]


_USE = FactKind(
    IdentifierUse,
    "use of the identifier",
    form=CorrectTellingForm,
    correct=identifiers.correct_use,
    argument="use",
)

GROUP_KINDS: Mapping[str, FactKind] = MappingProxyType(
    {
        "members": FactKind(Membership, "membership", page="groups:people"),
        "involvements": FactKind(Involvement, "involvement", page="groups:people"),
        "aliases": FactKind(
            GroupAlias,
            "name",
            form=CorrectAliasForm,
            correct=aliases.correct,
            argument="alias",
        ),
        "threats": FactKind(
            GroupThreat,
            "threat",
            form=CorrectThreatForm,
            correct=threats.correct,
            argument="threat",
        ),
        "identifiers": _USE,
        "activities": FactKind(
            Activity,
            "activity",
            page="groups:activity",
            form=CorrectActivityForm,
            correct=activity_corrections.correct,
            argument="activity",
        ),
        "links": FactKind(
            GroupLink,
            "link",
            ("a", "b"),
            form=CorrectGroupLinkForm,
            correct=links.correct,
            argument="link",
        ),
    }
)
_PERSON = "groups:person"
PERSON_KINDS: Mapping[str, FactKind] = MappingProxyType(
    {
        "aliases": FactKind(
            NominalAlias,
            "name",
            ("nominal",),
            _PERSON,
            CorrectPersonAliasForm,
            aliases.correct_of_person,
            "alias",
        ),
        "identifiers": FactKind(
            IdentifierUse,
            _USE.text,
            ("nominal",),
            _PERSON,
            _USE.form,
            _USE.correct,
            _USE.argument,
        ),
        "links": FactKind(
            PersonLink,
            "link",
            ("a", "b"),
            _PERSON,
            CorrectPersonLinkForm,
            links.correct,
            "link",
        ),
    }
)
