"""What the campaign must know of each way out: its mailboxes, and how to wait for nobody there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from outtray.lib.sealing import Secret
from outtray.mailboxes import tokens
from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Grant, Mailbox, OAuthApp, ServiceType, SignIn
from outtray.mailboxes.oauth_secrets import AppSecrets
from outtray.people.models import Company, Membership
from outtray.transports import registry
from outtray.transports.base import Resource, Transport
from outtray.transports.ews.patience import Patience as EwsPatience
from outtray.transports.ews.transport import EwsTransport
from outtray.transports.gmail.patience import Patience as GmailPatience
from outtray.transports.gmail.transport import GmailTransport
from outtray.transports.graph.patience import Patience as GraphPatience
from outtray.transports.graph.transport import GraphTransport
from outtray.transports.oauth.answers import Granted
from outtray.transports.smtp.patience import Patience as SmtpPatience
from outtray.transports.smtp.transport import SmtpTransport
from tests.builders import user_email
from tests.campaign.databases import FOUNDED_AT
from tests.servers.ledger_kinds import GRANTED, Keeper
from tests.servers.ledger_process import LedgerProcess

# Shorter than the misbehaving server is slow; everybody else answers in milliseconds.
HASTY = SmtpPatience(
    connect=2,
    quiet=0.1,
    greeting=0.15,
    handshake=1,
    command=0.15,
    login=0.15,
    block=0.15,
    answer=0.15,
    goodbye=0.05,
)
SLOW = 0.25
_YEARS = 10 * 365 * 24 * 3600  # seconds

HURRIED: Mapping[str, Callable[[], Transport]] = {
    "smtp": lambda: SmtpTransport(HASTY),
    "gmail": lambda: GmailTransport(GmailPatience(connect=2, look=0.15, answer=0.15)),
    "graph": lambda: GraphTransport(GraphPatience(connect=2, look=0.15, answer=0.15)),
    "ews": lambda: EwsTransport(EwsPatience(connect=2, handshake=2, command=0.2, answer=0.2)),
}
# Where it matters that nobody gives up too early.
CALM: Mapping[str, Callable[[], Transport]] = {
    "smtp": lambda: SmtpTransport(
        replace(HASTY, greeting=1, command=1, login=1, block=1, answer=1)
    ),
    "gmail": lambda: GmailTransport(GmailPatience(connect=2, look=1, answer=1)),
    "graph": lambda: GraphTransport(GraphPatience(connect=2, look=1, answer=1)),
    "ews": lambda: EwsTransport(EwsPatience(connect=2, handshake=2, command=1, answer=1)),
}

# A process that died while it renewed a token is not waited for longer than this.
_LEASE = timedelta(seconds=1)

# How each of Nordwind's three people sends: his token, and whether he sends as somebody. At
# Microsoft that makes three ways: the message itself, its parts in one request, and a draft that
# is sent. The third one's mailbox may be searched.
_GMAIL = (("sends", False), ("sends", False), ("reads", False))
_GRAPH = (("sends", False), ("sends", True), ("writes", True))
# One mailbox of Exchange, which they share.
_EXCHANGE = "ben@nordwind.example"
_SIGN_IN = {"gmail": SignIn.GOOGLE, "graph": SignIn.MICROSOFT}
_RESOURCE = {"gmail": Resource.GMAIL, "graph": Resource.GRAPH}


def be_hasty(way: str) -> None:
    """Have this process wait for servers in fractions of a second."""
    registry.TRANSPORTS[way] = HURRIED[way]()  # type: ignore[index]  # ours alone
    tokens.LEASE = _LEASE


def stand_ins(keeper: Keeper | LedgerProcess) -> dict[str, str]:
    """Which servers to ask instead of Google's and Microsoft's."""
    if not keeper.sign_in_port:
        return {}
    return {
        keeper.kind: f"http://127.0.0.1:{keeper.port}",
        str(_SIGN_IN[keeper.kind]): f"http://127.0.0.1:{keeper.sign_in_port}",
    }


def set_up(membership: Membership, number: int, ledger: Keeper | LedgerProcess) -> Mailbox:
    """A User Email for that person, on that server. Each number of three sends in its own way."""
    mailbox = user_email(membership, at=FOUNDED_AT, port=ledger.port)
    if ledger.kind in _SIGN_IN:
        _let_sign_in(mailbox, number, ledger.kind)
    if ledger.kind == "ews":
        _let_use_exchange(mailbox, ledger.port)
    return mailbox


def _let_use_exchange(mailbox: Mailbox, port: int) -> None:
    mailbox.service_type = ServiceType.EXCHANGE
    mailbox.transport = "ews"
    mailbox.address = _EXCHANGE
    mailbox.settings = {
        "uri": f"https://localhost:{port}/EWS/Exchange.asmx",
        "domain": "",
        "username": _EXCHANGE,
    }
    mailbox.save()


def _let_sign_in(mailbox: Mailbox, number: int, kind: str) -> None:
    token, is_named = (_GMAIL if kind == "gmail" else _GRAPH)[number]
    mailbox.service_type = ServiceType.EMAIL_SERVICES
    mailbox.transport = kind
    mailbox.sign_in = _SIGN_IN[kind]
    mailbox.settings = {"send_as": mailbox.address} if is_named else {}
    mailbox.save()
    _connect(mailbox, token)


def _connect(mailbox: Mailbox, token: str) -> None:
    """As if its owner had signed in: with a token, and one to renew it by."""
    scopes = GRANTED[mailbox.transport][token]
    grant = Grant.objects.create(
        mailbox=mailbox,
        app=_app(mailbox.company, mailbox.sign_in),
        provider=mailbox.sign_in,
        kind=Grant.Kind.USER,
        account=mailbox.address,
        scopes=" ".join(scopes),
        granted_at=FOUNDED_AT,
    )
    granted = Granted(Secret(token), _YEARS, frozenset(scopes))
    tokens.keep_token(grant, _RESOURCE[mailbox.transport], granted, at=FOUNDED_AT)


def _app(company: Company, provider: str) -> OAuthApp:
    found = OAuthApp.objects.filter(company=company, provider=provider).first()
    if found:
        return found
    keys = ring()
    app = OAuthApp(
        company=company,
        provider=provider,
        client_id="outtray",
        has_secret=True,
        key_id=keys.current,
        created_at=FOUNDED_AT,
        changed_at=FOUNDED_AT,
    )
    sealed = Secret(AppSecrets(secret="of the application").to_json())
    app.sealed = keys.seal(sealed, context=app.sealing_context)
    app.save()
    return app
