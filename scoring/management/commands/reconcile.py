"""Recompute everything and name every difference."""

import json

from django.core.management.base import BaseCommand

from scoring.reconciling import reconcile


class Command(BaseCommand):
    """Print the differences as JSON; exit code 1 if there is one."""

    help = (
        "Recompute every line and score from the source rows, by another path than the "
        "drain, and print every difference as JSON. Also names facts that rest on "
        "nothing, stranded receipts and groups set aside. Exit code 1 on any."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        """Compare, print, and end with exit code 1 if anything differs."""
        outcome = reconcile()
        self.stdout.write(
            json.dumps(
                {
                    "checked": outcome.checked,
                    "pending": outcome.pending,
                    "differences": [one.as_json() for one in outcome.differences],
                },
                indent=2,
                ensure_ascii=False,
            )
        )
        if outcome.differences:
            raise SystemExit(1)
