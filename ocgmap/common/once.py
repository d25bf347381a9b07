"""Insert a row that a constraint lets in once, where two may come at the same time."""

from django.db import IntegrityError, models, transaction


def inserted(row: models.Model, once: str) -> bool:
    """Insert ``row``; false where the constraint ``once`` says that it stands already."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", "") != once:
            raise
        return False
    return True
