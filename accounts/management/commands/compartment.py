"""Open a compartment, with the first people who hold it."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.actions import compartments
from accounts.models import Organisation, User
from ocgmap.common.acting import acting_as
from ocgmap.common.errors import AppError
from ocgmap.common.scope import system


class Command(BaseCommand):
    """`manage.py compartment CODE --name ... --owner ... --holder A --holder B`."""

    help = (
        "Open a compartment. Choose a neutral code and name: they say nothing of what "
        "it is about. Those named first take in the others, by two."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what the compartment is."""
        parser.add_argument("code")
        parser.add_argument("--name", required=True)
        parser.add_argument("--owner", required=True, help="code of an organisation")
        parser.add_argument("--holder", action="append", required=True, help="an email")
        parser.add_argument("--expires-on", type=datetime.date.fromisoformat)
        parser.add_argument("--takes-referrals", action="store_true")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Open it, or say what is wrong."""
        with acting_as(system("compartment")), transaction.atomic():
            owner = Organisation.objects.filter(code=options["owner"]).first()
            if owner is None:
                raise CommandError(f"There is no organisation {options['owner']}.")
            holders = []
            for email in options["holder"]:
                user = User.objects.filter(email__iexact=email, is_active=True).first()
                if user is None:
                    raise CommandError(f"There is no open account {email}.")
                holders.append(user)
            try:
                tag = compartments.open_one(
                    code=options["code"],
                    name=options["name"],
                    owner=owner,
                    holders=holders,
                    expires_on=options["expires_on"],
                    takes_referrals=options["takes_referrals"],
                    reason=options["reason"],
                )
            except AppError as error:
                raise CommandError(error.message) from error
        self.stdout.write(f"{tag.code} is open, with {len(holders)} holders.")
