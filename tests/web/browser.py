"""A real browser on a real server: Chromium through Playwright, the pages with their engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from outtray.engine.base import NoEngine, use
from outtray.ops.engine import build_engine
from outtray.people.models import Membership
from tests.conftest import PASSWORD
from tests.servers.presence import require

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1440, height=900)
_AXE = Path(__file__).parent / "axe" / "axe-4.14.1.min.js"
# Colours that are still on their way from one theme to the other are of neither.
_SETTLED = """Promise.allSettled(document.getAnimations().filter(
    animation => animation instanceof CSSTransition).map(transition => transition.finished))"""
_PATIENCE = 30_000  # milliseconds; a busy machine is slow, not wrong
expect.set_options(timeout=_PATIENCE)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a module.

    Playwright keeps a loop in this thread as long as it runs, and Django asks whether one may
    touch the database beside it. One may: nothing here is asynchronous.
    """
    path = require("chromium", "chromium")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def site(live_server: LiveServer) -> Iterator[str]:
    """The address of the pages, with an engine that does what they ask for."""
    engine = build_engine()
    use(engine)
    engine.start()
    yield live_server.url
    use(NoEngine())
    engine.stop(20)


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    """A fresh window. Whatever a page of ours complains about, or the policy refuses, fails the
    test."""
    context = chromium.new_context(base_url=site, viewport=DESK, locale="en-GB")
    context.set_default_timeout(_PATIENCE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.extend(_complaint(said, site)))
    yield page
    context.close()
    assert complaints == []


def _complaint(said: ConsoleMessage, site: str) -> Iterator[str]:
    is_ours = not said.location["url"].startswith("http") or said.location["url"].startswith(site)
    if said.type in {"error", "warning"} and is_ours:
        yield f"{said.text} at {said.location['url']}"


def faults_in_all_looks(page: Page) -> list[str]:
    """What axe finds, and what sticks out, in both widths and themes, of the page as it stands.

    It is left on a desk, in light.
    """
    found = []
    for theme, size in ("dark", DESK), ("dark", PHONE), ("light", PHONE), ("light", DESK):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.set_viewport_size(size)
        page.locator(f"html[data-bs-theme={theme}]").wait_for(state="attached")
        page.evaluate(_SETTLED)
        wrong = violations(page)
        wrong += [f"{overflow(page)} pixels too wide"] if overflow(page) else []
        found += [f"{each} ({theme}, {size['width']} wide)" for each in wrong]
    return found


def sign_in(page: Page, membership: Membership) -> None:
    """Let somebody be signed in already, with no page opened for it."""
    client = Client()
    client.force_login(membership.person)
    name = settings.SESSION_COOKIE_NAME
    value = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "domain": "localhost", "path": "/"}])


def sign_in_by_hand(page: Page, membership: Membership) -> None:
    """Sign in as a person does."""
    page.goto("/sign-in/")
    page.get_by_label("Email").fill(membership.person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, by rule and element."""
    run = "axe.run(document, {resultTypes: ['violations'], preload: false})"
    tell = "result.violations.flatMap(v => v.nodes.map(n => v.id + ' at ' + n.target.join(' ')))"
    session = page.context.new_cdp_session(page)
    answer = session.send(
        "Runtime.evaluate",
        {
            "expression": f"{_AXE.read_text()};{run}.then(result => JSON.stringify({tell}))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    found: list[str] = json.loads(answer["result"]["value"])
    return found


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return max(0, int(wide))
