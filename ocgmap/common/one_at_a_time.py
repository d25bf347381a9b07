"""One after the other: a lock by name that ends with the transaction."""

from django.db import connection

_LOCK = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"


def wait_for(name: str) -> None:
    """Wait for whoever holds this name; it is ours until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [name])
