"""Insert a row that a constraint lets in once, where two may come at the same time."""

from typing import Final

from django.db import IntegrityError, models, transaction

# Of 2^40 references a nation uses a millionth: a second draw clashes as good as never.
_MOST_DRAWS: Final = 4


def inserted(row: models.Model, once: str) -> bool:
    """Insert ``row``; false where the constraint ``once`` says that it stands already.

    As `insert_new` with its reference, if it has one.
    """
    try:
        insert_new(row)
    except IntegrityError as error:
        if _broken(error) != once:
            raise
        return False
    return True


def insert_new(row: models.Model) -> None:
    """Insert ``row``; where its random reference is taken, with another one.

    Nobody is told of the clash: the other record may be hidden from who inserts.
    """
    taken = f"{row._meta.db_table}_reference_key"  # noqa: SLF001 - documented
    for left in reversed(range(_MOST_DRAWS)):
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            if _broken(error) != taken or not left:
                raise
            field = row._meta.get_field("reference")  # noqa: SLF001 - documented
            row.reference = field.get_default()  # type: ignore[attr-defined,union-attr]
        else:
            return


def _broken(error: IntegrityError) -> str:
    """Return the name of the constraint that refused a row."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""
