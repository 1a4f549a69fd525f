"""Sources in the name service: who takes the domain's mail, sends it, and offers submission."""

from __future__ import annotations

from dataclasses import replace

from outtray.mail.address import Address
from outtray.transports.detection.values import Heard, MailServer, Nothing, Reach, Service, unheard
from outtray.transports.names import NoWord

# RFC 8314 §5.1 and RFC 6186 §3, the preferred first.
_SUBMISSION = (("_submissions", "tls"), ("_submission", "starttls"))
_READING = (("_imaps", "tls"), ("_imap", "starttls"))


def mx(address: Address, reach: Reach) -> Heard | Nothing:
    """Which servers take the domain's mail."""
    hosts = reach.names.mail_hosts(address.domain, seconds=reach.seconds)
    if isinstance(hosts, NoWord):
        return unheard(hosts)
    if not hosts:
        return Nothing(f"{address.domain} names no server for its mail")
    return Heard(f"the mail of {address.domain} goes to {hosts[0]}", mail_hosts=hosts)


def spf(address: Address, reach: Reach) -> Heard | Nothing:
    """Whose servers may send for the domain (RFC 7208): a hint where a gateway hides the rest."""
    texts = reach.names.texts(address.domain, seconds=reach.seconds)
    if isinstance(texts, NoWord):
        return unheard(texts)
    terms = [text.lower().split() for text in texts if text.lower().startswith("v=spf1")]
    senders = tuple(
        term.partition("=" if term.startswith("redirect") else ":")[2]
        for record in terms
        for term in record
        if term.lstrip("+").startswith(("include:", "redirect="))
    )
    if not senders:
        return Nothing(f"the SPF record of {address.domain} names nobody else")
    return Heard(f"its SPF record names {', '.join(senders[:3])}", senders=senders)


def srv(address: Address, reach: Reach) -> Heard | Nothing:
    """The servers that the domain publishes as its own (RFC 6186, RFC 8314).

    Without DNSSEC a record can be forged. So a person looks at a target outside the domain
    (RFC 6186 §6).
    """
    smtp = _published(address.domain, _SUBMISSION, Service.SMTP, reach)
    if isinstance(smtp, Nothing):
        return smtp
    imap = _published(address.domain, _READING, Service.IMAP, reach)
    return Heard(
        f"{address.domain} publishes {smtp.host} as its server",
        smtp=smtp,
        imap=imap if isinstance(imap, MailServer) and _is_beside(imap, smtp, address) else None,
        is_foreign=not is_within(smtp.host, address.domain),
    )


def is_within(host: str, domain: str) -> bool:
    """Whether a host is the domain itself or lies in it."""
    return host == domain or host.endswith(f".{domain}")


def _is_beside(imap: MailServer, smtp: MailServer, address: Address) -> bool:
    """Whether who looks at the one server has seen whose the other is: it gets the password too."""
    is_sister = imap.host.partition(".")[2] == smtp.host.partition(".")[2]
    return is_sister or is_within(imap.host, address.domain)


def _published(
    domain: str, services: tuple[tuple[str, str], ...], service: Service, reach: Reach
) -> MailServer | Nothing:
    nothing = Nothing(f"{domain} publishes no server by SRV")
    for name, security in services:
        servers = reach.names.services(f"{name}._tcp.{domain}", seconds=reach.seconds)
        if isinstance(servers, NoWord):
            return unheard(servers)
        for found in servers[:2]:
            server = MailServer(found.host, found.port, security)
            objection = reach.objection(server, service)
            if not objection:
                return server
            nothing = replace(nothing, told=f"a server was published, but {objection}")
    return nothing
