"""Every address of the site: health, the API, then the pages."""

from __future__ import annotations

from django.urls import include, path

from outtray.api.api import api
from outtray.ops import health

handler500 = "outtray.web.broken.broken"
urlpatterns = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("api/v1/", api.urls),
    path("", include("outtray.web.urls")),
]
