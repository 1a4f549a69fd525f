"""The WSGI application."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from outtray.config import env

env.set_default("DJANGO_SETTINGS_MODULE", "outtray.config.settings")
application = get_wsgi_application()
