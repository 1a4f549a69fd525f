"""How long pages take, asked for as a person's browser does, but without a network."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from benchmarks.fresh import spread

if TYPE_CHECKING:
    from django.test import Client

    from outtray.people.models import Membership

_WARM = 3


def measured(pages: Mapping[str, str], person: Membership, *, times: int) -> dict[str, float]:
    """Each page's median and 90th percentile in milliseconds, once it is warm."""
    client = _signed_in(person)
    result: dict[str, float] = {}
    for name, path in pages.items():
        took = spread([_took(client, path) for _ in range(times + _WARM)][_WARM:])
        result |= {f"{name}_ms": took["median_ms"], f"{name}_p90_ms": took["p90_ms"]}
    return result


def _signed_in(person: Membership) -> Client:
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(person.person)
    return client


def _took(client: Client, path: str) -> float:
    begun = time.perf_counter()
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return (time.perf_counter() - begun) * 1000
