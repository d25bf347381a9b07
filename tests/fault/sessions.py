"""Run as a web process on a site's database: signs people in, prints their sessions."""

import json
import sys

import django

django.setup()

from tests.inside import sign_in  # noqa: E402 - after the set-up

if __name__ == "__main__":
    sys.stdout.write(json.dumps([sign_in(email) for email in sys.argv[1:]]))
