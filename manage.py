#!/usr/bin/env python3
"""Run a command of the project, building first whatever it needs to run."""

import runpy
import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python must hear why
        sys.exit(
            "ocgmap needs Python 3.11 or newer, this is "
            + sys.version.split()[0]
            + "; try: python3.11 manage.py "
            + " ".join(sys.argv[1:])
        )
    runpy.run_module("ocgmap.bootstrap", run_name="__main__")
