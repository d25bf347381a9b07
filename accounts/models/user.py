"""The account of a person or a service."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from accounts.models.organisation import Organisation
from accounts.roles import Role
from accounts.visibility import Marking

ROLE_CHOICES = [
    (role.value, role.value.replace("_", " ").capitalize()) for role in Role
]
MARKING_CHOICES = [(marking.value, marking.label) for marking in Marking]


class UserManager(BaseUserManager["User"]):
    """Look up accounts by email address; making one is an action."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the account with this email address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """An account: one organisation, one role, one clearance.

    `visibility_version` grows when any of these changes, so that other parts can tell.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    collar_number = models.CharField(max_length=20, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="users"
    )
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    clearance = models.PositiveSmallIntegerField(
        choices=MARKING_CHOICES, default=Marking.OFFICIAL_SENSITIVE
    )
    visibility_version = models.PositiveIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    shortcuts_off = models.BooleanField(default=False)
    # The columns chosen for each list, by its code.
    list_columns = models.JSONField(default=dict, blank=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    # No superuser and no staff: administrators manage accounts, not intelligence.
    is_staff = False
    is_superuser = False

    def __str__(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Return false: rights come from `accounts.roles`, never from Django's."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Return false: there is no Django admin here."""
        return False
