"""Is this process well? For a container's health check: exit code 0 when it is.

`python -m ocgmap.probe web` asks the site beside it; `python -m ocgmap.probe alive` looks
at the file that worker, beat and drain touch while they work (`OCGMAP_ALIVE_FILE`).
Standard library only, so that a probe every few seconds costs next to nothing.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

LONGEST_SILENCE_SECONDS: Final = 60.0
_WAIT_SECONDS: Final = 4.0


def is_alive() -> bool:
    """Return whether the process beside us has touched its file within a minute."""
    path = os.environ.get("OCGMAP_ALIVE_FILE", "")
    try:
        silence = time.time() - Path(path).stat().st_mtime
    except OSError:
        return False
    return silence < LONGEST_SILENCE_SECONDS


def web_answers() -> bool:
    """Return whether the site beside us answers and has its database.

    A drain that stands still is no fault of the web server: it is not asked about.
    """
    port = os.environ.get("OCGMAP_PROBE_PORT", "8000")
    host = os.environ.get("OCGMAP_ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/health/", headers={"Host": host.lstrip(".")}
    )
    try:
        with urllib.request.urlopen(request, timeout=_WAIT_SECONDS) as answer:  # noqa: S310
            body = answer.read()
    except urllib.error.HTTPError as error:
        body = error.read()
    except OSError:
        return False
    try:
        return bool(json.loads(body)["database"] == "ok")
    except (ValueError, KeyError, TypeError):
        return False


CHECKS = {"web": web_answers, "alive": is_alive}


def main(words: list[str]) -> int:
    """Run the named check and return the exit code."""
    if len(words) != 1 or words[0] not in CHECKS:
        sys.stderr.write("usage: python -m ocgmap.probe web|alive\n")
        return 2
    return 0 if CHECKS[words[0]]() else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
