"""Hand a command of `manage.py` to its place, building first whatever is missing.

`demo`, `test` and `bench` are the project's own and bring the environment up to date
each time. `make_secrets` needs nothing but Python. Any other command runs in the
interpreter at hand if that holds what the lock says, else in the project's environment:
those for operators, which know nothing of Django, and Django's own.

Where the set-up fails, a command of the project's own ends with code 69, so that it is
not taken for a test that failed, and any other command with code 1.
"""

import runpy
import sys

from ocgmap.bootstrap.console import SetupError, say
from ocgmap.bootstrap.environment import enter, is_inside, is_installed
from ocgmap.bootstrap.paths import DEVELOPMENT_LOCK, RUNTIME_LOCK

OWN_COMMANDS = {
    "demo": (RUNTIME_LOCK, "ocgmap.bootstrap.demo"),
    "test": (DEVELOPMENT_LOCK, "ocgmap.bootstrap.checks"),
    "bench": (DEVELOPMENT_LOCK, "ocgmap.bootstrap.bench"),
}
PLAIN_COMMANDS = {"make_secrets": "ocgmap.bootstrap.make_secrets"}
OPERATOR_COMMANDS = {
    "release": "ocgmap.bootstrap.release",
    "backup": "ocgmap.bootstrap.backup",
    "restore": "ocgmap.bootstrap.restore",
}
DJANGO_COMMANDS = "ocgmap.bootstrap.django_command"
NOT_SET_UP = 69  # EX_UNAVAILABLE; pytest uses 0 to 5


def main() -> None:
    """Run the command of `sys.argv`; end the process where its set-up fails."""
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    try:
        if command in OWN_COMMANDS:
            lock, module = OWN_COMMANDS[command]
            enter(lock)
        elif command in PLAIN_COMMANDS:
            module = PLAIN_COMMANDS[command]
        else:
            module = OPERATOR_COMMANDS.get(command, DJANGO_COMMANDS)
            if not is_inside() and not is_installed(RUNTIME_LOCK):
                enter(RUNTIME_LOCK)
        runpy.run_module(module, run_name="__main__")
    except SetupError as error:
        say(f"\n{error}")
        sys.exit(NOT_SET_UP if command in OWN_COMMANDS else 1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
