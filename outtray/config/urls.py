"""Every address of the site: the API, then the pages."""

from __future__ import annotations

from django.urls import include, path

from outtray.api.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("outtray.web.urls")),
]
