"""Goes through the sign-in and consent pages as a person does, without a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

from tests.servers.oauth.server import ACCOUNTS

Choose = Callable[[Sequence[str]], Sequence[str]]
_STEPS = 12


def all_of(scopes: Sequence[str]) -> Sequence[str]:
    """Leave every box ticked."""
    return scopes


def come_back(
    url: str,
    *,
    account: str = "ben@nordwind.example",
    allow: bool = True,
    choose: Choose = all_of,
) -> dict[str, str]:
    """Sign in and allow, or not; what the browser brings back to us."""
    with httpx.Client(follow_redirects=False, verify=False) as browser:  # no TLS here
        answer = browser.get(url)
        for _ in range(_STEPS):
            if answer.is_redirect:
                url = urljoin(str(answer.url), answer.headers["location"])
                if "/mailboxes/connected/" in url:
                    return dict(parse_qsl(urlsplit(url).query))
                answer = browser.get(url)
            else:
                answer.raise_for_status()
                answer = _fill_in(browser, answer, account, allow=allow, choose=choose)
    raise AssertionError(f"the pages lead nowhere: {answer.text[:500]}")


def _fill_in(
    browser: httpx.Client, page: httpx.Response, account: str, *, allow: bool, choose: Choose
) -> httpx.Response:
    found = re.search(r'<form method="post" action="([^"]*)">', page.text)
    assert found, page.text[:500]
    action = urljoin(str(page.url), unescape(found[1]))
    if 'type="password"' in page.text:
        return browser.post(action, data={"login": account, "password": ACCOUNTS[account]})
    scopes = [unescape(text) for text in re.findall(r'name="scope" value="([^"]*)"', page.text)]
    answer = "allow" if allow else "deny"
    return browser.post(action, data={"answer": answer, "scope": list(choose(scopes))})
