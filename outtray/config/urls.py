"""Every address of the site: health and metrics, the API, then the pages."""

from __future__ import annotations

from django.urls import include, path

from outtray.api.api import api
from outtray.ops import health
from outtray.ops.metrics import metrics

handler500 = "outtray.web.broken.broken"
urlpatterns = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("metrics", metrics),
    path("api/v1/", api.urls),
    path("", include("outtray.web.urls")),
]
