"""`manage.py demo`: the whole working site on this machine, in the foreground."""

import argparse
import errno
import os
import shutil
import signal
import socket
import sys
from pathlib import Path

from ocgmap.bootstrap import frontend, run_state
from ocgmap.bootstrap.console import SetupError, say, step
from ocgmap.bootstrap.folders import data_folder
from ocgmap.bootstrap.paths import ready_var_folder
from ocgmap.bootstrap.running_site import HOST, Site
from ocgmap.bootstrap.secret_store import FILE_NAME as SECRETS_FILE
from ocgmap.bootstrap.servers import is_database_given
from ocgmap.bootstrap.supervisor import Supervisor

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MOST_PORT = 65_535
RESET_FOLDERS = ("broker", "static", "media")
LARGEST_SCALE = 20


def main(arguments: list[str]) -> int:
    """Run the demo until Ctrl-C or SIGTERM, and return the exit code."""
    options = _parse(arguments)
    var = ready_var_folder()
    for number in STOP_SIGNALS:
        signal.signal(number, signal.default_int_handler)
    with run_state.holding(var, wait=False) as taken:
        if not taken:
            raise _already_running(var)
        run_state.stop_stranded(var)
        check_port_is_free(options.port)
        if options.reset:
            _reset(var)
        return _run(Site(options.port, var), options)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="default: 8000")
    parser.add_argument(
        "--reset", action="store_true", help="delete the demo's data first"
    )
    parser.add_argument(
        "--no-seed", action="store_true", help="start without demo records"
    )
    parser.add_argument(
        "--scale",
        type=_scale,
        default=1.0,
        help="how large the synthetic nation beside the records made by hand is: 1 is "
        "5,000 groups, 0 none; default: 1",
    )
    return parser.parse_args(arguments)


def _scale(text: str) -> float:
    scale = float(text)
    if not 0 <= scale <= LARGEST_SCALE:
        raise argparse.ArgumentTypeError(
            f"a scale is a number from 0 to {LARGEST_SCALE}"
        )
    return scale


def _run(site: Site, options: argparse.Namespace) -> int:
    try:
        frontend.build_if_changed()
        site.start_servers()
        site.fill(with_seed=not options.no_seed)
        site.start_processes()
        _announce(site)
        if options.scale and not options.no_seed:
            site.start_nation(options.scale)
        Supervisor(site.servers.children, site.describe).watch()
    except KeyboardInterrupt:
        say("\nStopping …")
    finally:
        # A second Ctrl-C must not leave half of the children behind.
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        site.servers.stop()
        run_state.forget(site.var)
    say("Stopped. The data are kept; start again with the same command.")
    return 0


def _announce(site: Site) -> None:
    lines = [f"\nReady: {site.url}", ""]
    if site.accounts:
        lines += [site.accounts, ""]
    lines.append("Stop with Ctrl-C.")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def check_port_is_free(port: int) -> None:
    """Return when the site can listen on this port.

    Raises:
        SetupError: when another program listens there, or the port is not allowed.
    """
    if not 1 <= port <= MOST_PORT:
        raise SetupError(
            f"port {port} is none: a port is a number from 1 to {MOST_PORT:,}",
            "python3 manage.py demo --port 8000",
        )
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Without this a port whose last connections linger looks taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            is_taken = getattr(error, "errno", None) == errno.EADDRINUSE
            raise SetupError(
                f"port {port} is taken by another program"
                if is_taken
                else f"cannot listen on port {port}: {error}",
                f"python3 manage.py demo --port {port + 1 if is_taken else 8000}",
            ) from error


def _already_running(var: Path) -> SetupError:
    state = run_state.read(var)
    who = f"process {state.pid}" if state else "another command"
    where = f" at {state.url}" if state and state.url else ""
    return SetupError(
        f"the demo of this folder runs already{where} ({who})",
        "use that one or stop it; for a second one set OCGMAP_VAR to another folder",
    )


def _reset(var: Path) -> None:
    if is_database_given(os.environ):
        raise SetupError(
            "--reset does not delete a database that DATABASE_URL names",
            "drop that database yourself, or unset DATABASE_URL",
        )
    with step("Deleting the data of earlier runs"):
        shutil.rmtree(data_folder(var), ignore_errors=True)
        for name in RESET_FOLDERS:
            shutil.rmtree(var / name, ignore_errors=True)
        (var / SECRETS_FILE).unlink(missing_ok=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[2:]))
