"""Revoke an API token by the part of it that may be said aloud."""

from argparse import ArgumentParser
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.actions import tokens
from accounts.models import ApiToken, User
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError
from ocgmap.common.scope import system


class Command(BaseCommand):
    """`manage.py revoke_token PREFIX --by EMAIL --reason TEXT`."""

    help = (
        "Revoke an API token: its next call is refused, and it is never taken again. "
        "The prefix stands between `ocgm_` and the dot. Exit code 2 on bad input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which token, who says so, and why."""
        parser.add_argument("prefix", metavar="PREFIX")
        parser.add_argument(
            "--by",
            required=True,
            metavar="EMAIL",
            help="the administrator who revokes it",
        )
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Revoke it, or say what is wrong and change nothing."""
        scope = system("revoke_token")
        with acting_as(scope), transaction.atomic():
            by = User.objects.filter(email__iexact=options["by"]).first()
            prefix = options["prefix"].removeprefix(f"{tokens.PREFIX}_").split(".")[0]
            token = (
                ApiToken.objects.filter(prefix=prefix).select_related("user").first()
            )
        if by is None:
            raise CommandError(
                f"by: There is no account {options['by']}. Give the email address of an "
                "administrator.",
                returncode=2,
            )
        if token is None:
            raise CommandError(
                f"prefix: There is no token {prefix}. Give what stands between "
                f"`{tokens.PREFIX}_` and the dot.",
                returncode=2,
            )
        acted = replace(scope, actor_id=by.pk, organisation_id=by.organisation_id)
        try:
            with acting_as(acted), transaction.atomic():
                tokens.revoke(token=token, by=by, reason=options["reason"])
        except AppError as error:
            raise CommandError(f"{error.field}: {error}", returncode=2) from error
        self.stdout.write(f"The token {prefix} of {token.user.email} is revoked.")
