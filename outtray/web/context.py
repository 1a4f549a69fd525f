"""What every page needs: who is signed in, for which company."""

from __future__ import annotations

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, object]:
    return {"membership": getattr(request, "membership", None)}
