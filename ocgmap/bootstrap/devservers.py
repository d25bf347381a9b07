"""Throw-away PostgreSQL and broker in the foreground, for tests and developers.

`python -m ocgmap.bootstrap.devservers [--env-file FILE]` prints the addresses as
`export` lines (and writes them to the file), then runs until Ctrl-C.
"""

import argparse
import json
import shlex
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from ocgmap.bootstrap.console import SetupError, say
from ocgmap.bootstrap.servers import throwaway


def main(arguments: list[str] | None = None) -> int:
    """Run the servers until told to stop, and return the exit code."""
    parser = argparse.ArgumentParser(prog="devservers", description=__doc__)
    parser.add_argument("--env-file", type=Path, help="write the export lines there")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.add_argument("--durable", action="store_true", help="keep fsync on")
    parser.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="stop when the parent ends, however it ends",
    )
    options = parser.parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    try:
        with throwaway(durable=options.durable) as servers:
            _announce(servers.environment, options.env_file, as_json=options.json)
            if options.until_stdin_closes:
                _stop_with_parent(stop)
            stop.wait()
    except SetupError as error:
        say(str(error))
        return 1
    return 0


def _announce(
    environment: Mapping[str, str], env_file: Path | None, *, as_json: bool
) -> None:
    exports = "".join(
        f"export {name}={shlex.quote(value)}\n" for name, value in environment.items()
    )
    if env_file:
        env_file.touch(mode=0o600)
        env_file.write_text(exports, encoding="utf-8")
    sys.stdout.write(f"{json.dumps(environment)}\n" if as_json else exports)
    sys.stdout.flush()


def _stop_with_parent(stop: threading.Event) -> None:
    """Stop when standard input ends: a parent killed outright still closes it."""

    def watch() -> None:
        sys.stdin.buffer.read()
        stop.set()

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    raise SystemExit(main())
