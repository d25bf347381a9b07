"""How gunicorn serves the site: `gunicorn ocgmap.wsgi:application -c python:ocgmap.serving`.

The processes of one web server share their counts through files in a folder of their
own, made afresh at each start: the service's figures must not depend on which process
answers. prometheus-client reads the variable when it is first imported, so it is set
here, before any process has loaded the site.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from ocgmap import log_config
from ocgmap.env import env_choice, env_int

_SHARED = Path(tempfile.mkdtemp(prefix="ocgmap-metrics-"))
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_SHARED)

worker_class = "gthread"
workers = env_int("OCGMAP_WEB_PROCESSES", 2)
threads = env_int("OCGMAP_WEB_THREADS", 4)
control_socket_disable = True
graceful_timeout = 30
# Which proxies are trusted is settled in one place: `ocgmap.forwarded`.
forwarded_allow_ips = ""
logconfig_dict = log_config.configured(
    env_choice("OCGMAP_LOG_FORMAT", "json", ("json", "text"))
)


def on_exit(server: Any) -> None:
    """Remove the folder of the counts with the server."""
    shutil.rmtree(_SHARED, ignore_errors=True)
