"""The cast: who asks, in every test about access."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.access import acting_for, scope_of, viewer_of
from accounts.models import Organisation, User
from accounts.roles import Role
from accounts.visibility import Viewer
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import Scope, system
from tests import signed_in

PASSWORD = "correct horse battery staple"

CAST: dict[str, tuple[str, Role]] = {
    "owner_analyst": ("durham", Role.FORCE_ANALYST),
    "owner_supervisor": ("durham", Role.FORCE_SUPERVISOR),
    "region_analyst": ("northumbria", Role.FORCE_ANALYST),
    "other_analyst": ("west-yorkshire", Role.FORCE_ANALYST),
    "rocu_lead": ("nerocu", Role.ROCU_LEAD),
    "nca_officer": ("nca", Role.NCA_OFFICER),
    "owner_assurer": ("durham", Role.INTELLIGENCE_ASSURER),
    "rocu_assurer": ("nerocu", Role.INTELLIGENCE_ASSURER),
    "other_assurer": ("yhrocu", Role.INTELLIGENCE_ASSURER),
    "rocu_analyst": ("nerocu", Role.ROCU_ANALYST),
    "records_manager": ("durham", Role.RECORDS_MANAGER),
    "other_records_manager": ("west-yorkshire", Role.RECORDS_MANAGER),
    "auditor": ("nca", Role.AUDITOR),
    "administrator": ("nca", Role.SYSTEM_ADMINISTRATOR),
}

MakeUser = Callable[..., User]
As = Callable[[str], AbstractContextManager[Viewer]]


@pytest.fixture
def as_system(db: None) -> Any:
    """Run the test body as the worker itself: sees all, for arranging."""
    with acting_as(system("test")):
        yield


@pytest.fixture
def make_user(db: None) -> MakeUser:
    """Make the account of a member of the cast (once), or any other."""

    def make(name: str, organisation: str = "", role: Role | None = None) -> User:
        code, default = CAST.get(name, ("durham", Role.FORCE_ANALYST))
        with acting_as(system("test")), transaction.atomic():
            user = User.objects.filter(email=f"{name}@test.example").first()
            if user is None:
                user = User(
                    email=f"{name}@test.example",
                    name=name.replace("_", " ").title(),
                    organisation=Organisation.objects.get(code=organisation or code),
                    role=role or default,
                )
                user.set_password(PASSWORD)
                user.save()
        return user

    return make


@pytest.fixture
def viewer(make_user: MakeUser) -> Callable[[str], Viewer]:
    """Return the viewer that a member of the cast is, as it stands now."""

    def find(name: str) -> Viewer:
        user = make_user(name)
        with acting_as(system("test")), transaction.atomic():
            return viewer_of(user)

    return find


@pytest.fixture
def acting(viewer: Callable[[str], Viewer]) -> As:
    """Return a context in which a member of the cast acts, stepped down to the web."""
    return lambda name: acting_for(viewer(name), route="test")


@pytest.fixture
def client_as(make_user: MakeUser) -> Callable[[str], Client]:
    """Return a test client signed in as a member of the cast."""

    def sign_in(name: str) -> Client:
        user = make_user(name)
        client = Client()
        signed_in.sign_in(client, user)
        return client

    return sign_in


def scope_for(viewer: Viewer) -> Scope:
    """Return the web scope of a viewer."""
    return scope_of(viewer)
