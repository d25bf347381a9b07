"""The ASGI entry, for a server that streams, logged in as the powerless web role."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocgmap.settings")
application = get_asgi_application()
