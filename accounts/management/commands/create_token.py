"""Make an API token for an account and print it once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.actions import tokens
from accounts.models import User
from accounts.models.api_token import TokenScope
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError
from ocgmap.common.scope import system


class Command(BaseCommand):
    """Print a new token on standard output; it cannot be shown again."""

    help = (
        "Make an API token for an account. The token is printed once, alone on "
        "standard output; only a keyed hash of it is kept. Exit code 2 on bad input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the account, the scopes and the limits."""
        known = ", ".join(TokenScope.values)
        parser.add_argument("--user", required=True, metavar="EMAIL")
        parser.add_argument(
            "--scopes",
            required=True,
            nargs="+",
            metavar="SCOPE",
            help=f"separated by commas or spaces, of: {known}",
        )
        parser.add_argument(
            "--days", type=int, default=tokens.LONGEST_DAYS, help="how long it lives"
        )
        parser.add_argument(
            "--networks",
            nargs="+",
            default=[],
            metavar="CIDR",
            help="where it may be used from; everywhere if none is given",
        )
        parser.add_argument(
            "--interactive",
            action="store_true",
            help="people work through it: each call must name the officer in the "
            f"header {tokens.OFFICER_HEADER}",
        )
        parser.add_argument("--name", default="", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the token, or say what is wrong and make none."""
        with acting_as(system("create_token")), transaction.atomic():
            user = User.objects.filter(email__iexact=options["user"]).first()
            if user is None:
                raise CommandError(
                    f"user: There is no account {options['user']}. Give the email "
                    "address of one.",
                    returncode=2,
                )
            try:
                token, text = tokens.create(
                    user=user,
                    scopes=_listed(options["scopes"]),
                    days=options["days"],
                    networks=_listed(options["networks"]),
                    name=options["name"],
                    is_interactive=options["interactive"],
                )
            except AppError as error:
                raise CommandError(
                    f"{error.field}: {error} No token was made.", returncode=2
                ) from error
        self.stdout.write(text)
        if options["verbosity"]:
            self.stderr.write(
                f"Token for {user.email} until {token.expires_at:%Y-%m-%d %H:%M} UTC. "
                "Keep it safe: it is not shown again."
            )


def _listed(given: list[str]) -> list[str]:
    return [part for text in given for part in text.split(",") if part]
