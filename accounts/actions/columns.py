"""Remember which columns of a list an account wants to see."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from accounts.visibility import Viewer

MOST = 30


def choose(*, by: Viewer, list_code: str, codes: Iterable[str]) -> list[str]:
    """Remember the columns of one list for the account; return them."""
    wanted = list(dict.fromkeys(codes))[:MOST]
    with transaction.atomic():
        user = User.objects.get(pk=by.user_id)
        user.list_columns = {**user.list_columns, list_code: wanted}
        user.save(update_fields=["list_columns"])
    return wanted
