"""Sources on the web: the settings that a domain, or Thunderbird's database, publishes as XML.

The format: https://datatracker.ietf.org/doc/draft-ietf-mailmaint-autoconfig/. Only what is
encrypted is asked and believed: https, and servers with TLS or STARTTLS.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from outtray.mail.address import Address
from outtray.transports.detection.values import (
    Heard,
    MailServer,
    Nothing,
    Reach,
    Service,
    nothing_from,
    unheard,
)
from outtray.transports.names import NoWord
from outtray.transports.web import Answer, NoAnswer

DATABASE = "autoconfig.thunderbird.net"
AT_MOST = 64 * 1024  # octets; real ones have two or three thousand
_PATH = "mail/config-v1.1.xml?emailaddress="
_SECURITY = {"SSL": "tls", "STARTTLS": "starttls"}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Registries that hand out names below a second label: "kasserver.com" but "mail.co.uk".
_SHORT_LABEL = 3


def at_autoconfig_host(address: Address, reach: Reach) -> Heard | Nothing:
    """What the domain's own autoconfig host says."""
    return _asked(f"autoconfig.{address.domain}", _PATH + quote(str(address)), address, reach)


def at_well_known(address: Address, reach: Reach) -> Heard | Nothing:
    """What the domain's own web server says, under its well-known address (RFC 8615)."""
    path = f".well-known/autoconfig/{_PATH}{quote(str(address))}"
    return _asked(address.domain, path, address, reach)


def in_database(address: Address, reach: Reach) -> Heard | Nothing:
    """What Thunderbird's database knows of the domain. Of the address it hears nothing else."""
    return _asked(DATABASE, f"v1.1/{address.domain}", address, reach)


def in_database_by_mx(address: Address, reach: Reach) -> Heard | Nothing:
    """What the same database knows of the hoster to whom the domain's mail goes."""
    hosts = reach.names.mail_hosts(address.domain, seconds=reach.seconds)
    if isinstance(hosts, NoWord):
        return unheard(hosts)
    hoster = _registered(hosts[0]) if hosts else ""
    if hoster in {"", address.domain}:
        return Nothing(f"{address.domain} has its mail with no hoster")
    return _asked(DATABASE, f"v1.1/{hoster}", address, reach)


def _asked(host: str, path: str, address: Address, reach: Reach) -> Heard | Nothing:
    answer = _fetched(reach.url(host, path), reach)
    if isinstance(answer, NoAnswer):
        return nothing_from(answer)
    if not answer.is_good:
        return Nothing(f"{host} answers with status {answer.status}")
    root = _parsed(answer.body)
    if root is None:
        return Nothing(f"{host} answers with something else than mail settings", is_trouble=True)
    return _heard(root, host, address, reach)


def _fetched(url: str, reach: Reach) -> Answer | NoAnswer:
    """The answer, after one step aside at most, and that to an encrypted place again."""
    answer = reach.web.ask("GET", url, seconds=reach.seconds, at_most=AT_MOST)
    if isinstance(answer, NoAnswer) or answer.status not in _REDIRECTS:
        return answer
    aside = answer.headers.get("location", "")
    try:
        is_encrypted = urlsplit(aside).scheme == "https"
    except ValueError:
        is_encrypted = False
    return (
        reach.web.ask("GET", aside, seconds=reach.seconds, at_most=AT_MOST)
        if is_encrypted
        else answer
    )


def _parsed(body: bytes) -> Element | None:
    """The document, if it is one, without a type definition and so without any entities."""
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return None
    return root if root.tag == "clientConfig" else None


def _heard(root: Element, host: str, address: Address, reach: Reach) -> Heard | Nothing:
    outgoing = list(root.iterfind("emailProvider/outgoingServer[@type='smtp']"))
    with_password = [server for server in outgoing if not _wants_oauth(server)]
    smtp = _first(with_password or outgoing, Service.SMTP, address, reach)
    if isinstance(smtp, Nothing):
        return Nothing(f"{host} names no server that can be used: {smtp.told}")
    incoming = list(root.iterfind("emailProvider/incomingServer[@type='imap']"))
    imap = _first(incoming, Service.IMAP, address, reach)
    return Heard(
        f"{host} names {smtp.host}",
        smtp=smtp,
        imap=None if isinstance(imap, Nothing) else imap,
        oauth_only=not with_password,
    )


def _first(
    told: list[Element], service: Service, address: Address, reach: Reach
) -> MailServer | Nothing:
    nothing = Nothing("none is encrypted")
    for server in _encrypted(told, address):
        objection = reach.objection(server, service)
        if not objection:
            return server
        nothing = Nothing(objection)
    return nothing


def _encrypted(told: list[Element], address: Address) -> Iterator[MailServer]:
    for element in told[:4]:
        security = _SECURITY.get(_text(element, "socketType").upper())
        port = _text(element, "port")
        if security and port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536:
            host = _filled(_text(element, "hostname"), address).lower()
            username = _filled(_text(element, "username"), address)
            yield MailServer(host, int(port[:6]), security, username)


def _wants_oauth(server: Element) -> bool:
    methods = {(element.text or "").strip() for element in server.iterfind("authentication")}
    return methods == {"OAuth2"}


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _filled(text: str, address: Address) -> str:
    """With the address put in; empty where the person himself would have to say a part."""
    for placeholder, value in (
        ("%EMAILADDRESS%", str(address)),
        ("%EMAILLOCALPART%", address.local),
        ("%EMAILDOMAIN%", address.domain),
    ):
        text = text.replace(placeholder, value)
    return "" if "%" in text or not text.isprintable() else text


def _registered(host: str) -> str:
    """The domain in which a hoster's server stands, as well as its labels tell."""
    labels = host.split(".")
    is_below = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= _SHORT_LABEL
    return ".".join(labels[-3:] if is_below else labels[-2:])
