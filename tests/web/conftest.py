"""Pages as a person opens them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from outtray.people.models import Membership
from tests.web.browser import chromium, page, site

__all__ = ["chromium", "page", "site"]

SignedIn = Callable[[Membership], Client]


@pytest.fixture
def signed_in() -> SignedIn:
    """A browser in which somebody is signed in."""

    def client_of(membership: Membership) -> Client:
        client = Client()
        client.force_login(membership.person)
        return client

    return client_of
