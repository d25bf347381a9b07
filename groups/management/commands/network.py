"""Measure a network from two CSV files; needs no database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Final

from django.core.management.base import BaseCommand, CommandError

from groups.network.measures import measure
from groups.network_files import NetworkFileError, read_network

DEFAULT_REMOVALS: Final = 10


class Command(BaseCommand):
    """Print the measures of a network of people as JSON."""

    help = (
        "Measure the undirected, unweighted network in a nodes file (id,name) and an "
        "edges file (source,target by id); print JSON keyed by node name. Exit code 2 "
        "on bad input."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the two files and the number of removals."""
        parser.add_argument("nodes", type=Path, metavar="NODES.csv")
        parser.add_argument("edges", type=Path, metavar="EDGES.csv")
        parser.add_argument(
            "--removals",
            type=int,
            default=DEFAULT_REMOVALS,
            metavar="K",
            help="how many of the most between to take out in turn (default %(default)s)",
        )

    def handle(
        self,
        *args: object,
        nodes: Path,
        edges: Path,
        removals: int = DEFAULT_REMOVALS,
        **options: object,
    ) -> None:
        """Print the measures; columns that are not taken are named on standard error.

        Raises:
            CommandError: with exit code 2, naming the field, the rule and the cure.
        """
        if removals < 0:
            raise CommandError(
                "removals: The number must be 0 or more. Give how many to take out.",
                returncode=2,
            )
        try:
            files = read_network(_content(nodes), _content(edges))
        except NetworkFileError as error:
            raise CommandError(error.message, returncode=2) from error
        if files.not_taken:
            self.stderr.write(f"Columns not taken: {', '.join(files.not_taken)}")
        measures = measure(files.names, files.links, removals=removals)
        self.stdout.write(json.dumps(measures.as_json(), indent=2, ensure_ascii=False))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(
            f"{path}: The file cannot be read ({error.strerror}). Give the path of a "
            "file that you may read.",
            returncode=2,
        ) from error
