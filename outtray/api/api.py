"""The API object: all routers, its description, its errors."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="Outtray", version="1", urls_namespace="api")
