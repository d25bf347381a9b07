"""Print exactly what one person's dashboard shows."""

import datetime
import json
from argparse import ArgumentParser, ArgumentTypeError

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import audit
from accounts.access import acting_for, viewer_of
from accounts.models import User
from accounts.permissions import check_has
from accounts.roles import Right
from accounts.visibility import Viewer
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError
from ocgmap.common.scope import system
from scoring import picture

_ROUTE = "command figures"


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError("write the date as YYYY-MM-DD") from error


class Command(BaseCommand):
    """Print one person's figures as JSON."""

    help = (
        "Print as JSON the figures that one person's dashboard shows for the nation, a "
        "region or a force, now or at the end of a day. Nothing that the person may not "
        "see is in them. Exit code 2 on bad input."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the person, the scope and the day."""
        parser.add_argument("--user", required=True, metavar="EMAIL")
        parser.add_argument(
            "--scope", default="national", metavar="national|region:CODE|force:CODE"
        )
        parser.add_argument("--at", type=_day, metavar="YYYY-MM-DD")

    def handle(
        self,
        *args: object,
        user: str = "",
        scope: str = "",
        at: datetime.date | None = None,
        **options: object,
    ) -> None:
        """Print the figures, and leave the audit row that the dashboard leaves.

        Raises:
            CommandError: with exit code 2; there is no such person, place or day.
        """
        try:
            with acting_as(system(_ROUTE)), transaction.atomic():
                viewer = _viewer(user)
                with acting_for(viewer, route=_ROUTE):
                    found = picture.read(viewer, picture.parse_scope(scope), at)
                    audit.consulted("scoring.Picture", [], scope=scope)
        except AppError as error:
            raise CommandError(error.message, returncode=2) from error
        told = picture.figures_json(found)
        if found.disposed:
            told["disposed"] = found.disposed
        self.stdout.write(json.dumps(told, indent=2, ensure_ascii=False))


def _viewer(email: str) -> Viewer:
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise CommandError(
            f"user: there is no active account {email}. Give the email address of one.",
            returncode=2,
        )
    viewer = viewer_of(person)
    check_has(viewer, Right.VIEW)
    return viewer
