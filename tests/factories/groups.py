"""Groups and people for tests, made through the actions that the site uses."""

from typing import Any

import factory

from accounts.models import Organisation
from accounts.visibility import Viewer
from groups.actions import groups, people
from groups.models import CrimeGroup, Membership, Nominal


def organisation(code: str = "durham") -> Organisation:
    return Organisation.objects.get(code=code)


class _ByAction(factory.Factory):
    """Calls an action instead of a constructor; the viewer must be acting."""

    class Meta:
        abstract = True

    @classmethod
    def _build(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("an action always writes: use create")


class CrimeGroupFactory(_ByAction):
    class Meta:
        model = CrimeGroup

    owner = factory.LazyFunction(organisation)
    name = factory.Sequence(lambda number: f"Group {'abcdefghij'[number % 10] * 3}")
    sharing = "force"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, by: Viewer, **kwargs: Any) -> Any:
        if kwargs["sharing"] == "organisation":
            kwargs.setdefault("sharing_reason", "Covert phase")
        return groups.create(by=by, **kwargs)


class NominalFactory(_ByAction):
    class Meta:
        model = Nominal

    owner = factory.LazyFunction(organisation)
    sharing = "force"
    given_names = "Alex"
    surname = factory.Sequence(lambda number: f"Marlow{'abcdefghij'[number % 10]}")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, by: Viewer, **kwargs: Any) -> Any:
        if kwargs.get("access_class_id"):
            kwargs.pop("sharing")
        return people.create_nominal(by=by, **kwargs)


class MembershipFactory(_ByAction):
    class Meta:
        model = Membership

    rationale = "Seen together at the unit"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, by: Viewer, **kwargs: Any) -> Any:
        kwargs.setdefault("group", None)
        group = kwargs.pop("group") or CrimeGroupFactory(by=by)
        nominal = kwargs.pop("nominal", None) or NominalFactory(by=by)
        return people.add_member(
            by=by, group=group, nominal=nominal, **{"dpa_category": "suspect", **kwargs}
        )
