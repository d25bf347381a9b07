"""The WSGI entry: gunicorn serves this, logged in as the powerless web role."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocgmap.settings")
application = get_wsgi_application()
