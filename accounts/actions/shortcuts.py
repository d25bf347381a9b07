"""Remember whether single keys do something for an account."""

from django.db import transaction

from accounts.models import User
from accounts.visibility import Viewer


def switch(*, by: Viewer, are_off: bool) -> None:
    """Turn the single-key shortcuts of the account off, or on."""
    with transaction.atomic():
        User.objects.filter(pk=by.user_id).update(shortcuts_off=are_off)
