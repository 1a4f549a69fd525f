"""What the tests of Connect share: the company's apps, drafts, and somebody who signs in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from outtray.lib import clock
from outtray.lib.sealing import Secret
from outtray.mailboxes import connect
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.models import Mailbox, OAuthApp
from outtray.mailboxes.oauth_apps import AppDraft, redirect_uri, save_app
from outtray.mailboxes.tokens import forget_tokens, keep_token
from outtray.people.models import Membership
from outtray.transports.base import Resource, Token
from outtray.transports.oauth.answers import Granted
from tests.servers.oauth.server import CLIENT_ID, CLIENT_SECRET, TENANT, OAuthServer
from tests.servers.oauth.walking import Choose, all_of, come_back

GOOGLE = MailboxDraft(
    whose="user",
    address="ben@nordwind.example",
    display_name="Ben Behrens",
    settings={},
    service_type="email_services",
    transport="gmail",
    sign_in="google",
)
MICROSOFT = replace(
    GOOGLE,
    sign_in="microsoft",
    transport="smtp",
    settings={"host": "smtp.office365.com", "port": 587, "security": "starttls"},
)
BILLING = replace(MICROSOFT, whose="company", name="Billing", address="billing@nordwind.example")


def registered(anna: Membership, provider: str, *, at: datetime, tenant: str = "") -> OAuthApp:
    """The company's app, entered by its administrator."""
    draft = AppDraft(provider, CLIENT_ID, Secret(CLIENT_SECRET), tenant=tenant)
    return save_app(anna, draft, at=at)


def own_tenant(anna: Membership, *, at: datetime) -> OAuthApp:
    """The same for Nordwind's own tenant."""
    return registered(anna, "microsoft", at=at, tenant=TENANT)


def begun(membership: Membership, draft: MailboxDraft, *, at: datetime) -> str:
    """Where the person is sent."""
    return connect.begin(
        membership,
        draft,
        provider=draft.sign_in,
        redirect_uri=redirect_uri(draft.sign_in),
        at=at,
    )


def connected(
    membership: Membership,
    draft: MailboxDraft,
    *,
    at: datetime,
    account: str = "",
    allow: bool = True,
    choose: Choose = all_of,
) -> Mailbox:
    """All of Connect, with somebody who signs in on the provider's pages; and as it is some time
    later, when the access token that came along is over."""
    url = begun(membership, draft, at=at)
    back = come_back(url, account=account or draft.address, allow=allow, choose=choose)
    mailbox = finished(membership, back, at=at)
    forget_tokens(mailbox.grant.pk)
    return mailbox


def kept(mailbox: Mailbox, token: Token) -> None:
    """This process has that token for the mailbox, wherever it came from."""
    granted = Granted(token.value, 3600, token.scopes)
    keep_token(mailbox.grant, Resource.SMTP, granted, at=clock.now())


def finished(membership: Membership, back: dict[str, str], *, at: datetime) -> Mailbox:
    """What the page does when he is back."""
    return connect.finish(
        membership,
        state=back.get("state", ""),
        code=back.get("code", ""),
        error=back.get("error", ""),
        error_description=back.get("error_description", ""),
        at=at,
    )


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def grants_seen(server: OAuthServer, dialect: str) -> list[str]:
    """The kinds of grants that were asked for, in order."""
    return [asked["grant_type"] for asked in server.seen(dialect)]
