"""What sources are asked with, and what they answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from outtray.transports import egress
from outtray.transports.base import Trouble
from outtray.transports.detection.deadline import Deadline
from outtray.transports.names import Names, NoWord
from outtray.transports.web import NoAnswer, Web

# Names of hosts, with the underscore that some servers have in their names.
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
SECONDS = 1.5  # for one question, if no deadline comes first
_LEAST = 0.01  # seconds; what is asked too late is given up at once
_MOST_ADDRESSES = 2  # each may cost a whole time-out


class Service(StrEnum):
    """What a server is for."""

    SMTP = "smtp"
    IMAP = "imap"


PORTS = {Service.SMTP: egress.PORTS, Service.IMAP: egress.IMAP_PORTS}


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that a source names. `username` is None where it says nothing of it, and empty
    where only the person can know it."""

    host: str
    port: int
    security: str
    username: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What one source told, in a sentence and in values; it may know no more than a part.

    `mail_hosts` take the domain's mail (MX), `senders` may send for it (SPF), `cloud` is the
    Microsoft cloud that knows the domain, `exchange` the address of an Exchange's web services.
    `oauth_only`: the servers take no password. `is_foreign`: the servers lie outside the mail
    domain, and nobody vouches for them.
    """

    told: str
    smtp: MailServer | None = None
    imap: MailServer | None = None
    mail_hosts: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    cloud: str = ""
    exchange: str = ""
    oauth_only: bool = False
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class Nothing:
    """The source was asked and knows nothing, or could not be heard (`is_trouble`), or not in
    time (`is_late`)."""

    told: str
    is_trouble: bool = False
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be asked, and where: our name servers, and the rules for connections.

    Nothing is waited for beyond `deadline`. `https_port` and `doors`, where mail servers are
    guessed, are others only in tests, on this machine itself.
    """

    names: Names = field(default_factory=Names)
    allow_local: bool = False
    allow_networks: tuple[str, ...] = ()
    ca_file: str = ""
    https_port: int = 443
    doors: tuple[tuple[int, str], ...] = ((465, "tls"), (587, "starttls"))
    deadline: Deadline | None = None

    def until(self, deadline: Deadline) -> Reach:
        """The same, for what has to end by then."""
        return replace(self, deadline=deadline)

    @property
    def seconds(self) -> float:
        """How long the next question may take."""
        left = self.deadline.left if self.deadline else SECONDS
        return max(_LEAST, min(SECONDS, left))

    @property
    def web(self) -> Web:
        """The door for requests, with names looked up within our time."""
        return Web(self.allow_local, self.allow_networks, self.ca_file, self.resolve)

    def url(self, host: str, path: str) -> str:
        """An address to ask over TLS."""
        port = "" if self.https_port == 443 else f":{self.https_port}"
        return f"https://{host}{port}/{path}"

    def resolve(
        self, host: str, port: int, *, rules: egress.Rules
    ) -> tuple[egress.Endpoint, ...] | egress.NoWay:
        """The addresses that we may connect to, as `egress.resolve` finds them."""
        addresses = self.names.addresses(host, seconds=self.seconds)
        if isinstance(addresses, NoWord):
            trouble = Trouble.TIMED_OUT if addresses.is_late else Trouble.NAME_SERVICE_FAILED
            return egress.NoWay(trouble, addresses.text)
        if not addresses:
            return egress.NoWay(Trouble.NAME_NOT_FOUND, f"the name {host} was not found")
        judged = egress.judged(host, port, addresses, rules=rules)
        return judged if isinstance(judged, egress.NoWay) else judged[:_MOST_ADDRESSES]

    def objection(self, server: MailServer, service: Service) -> str:
        """Why a server that somebody names may not be used, or nothing."""
        if not _HOST.fullmatch(server.host):
            return f"{server.host[:100]!r} is not the name of a server"
        rules = egress.Rules(self.allow_local, self.allow_networks, PORTS[service])
        found = self.resolve(server.host, server.port, rules=rules)
        return found.text if isinstance(found, egress.NoWay) else ""


def nothing_from(answer: NoAnswer) -> Nothing:
    """What a web server that was not heard comes to: a name that is not there is no trouble."""
    return Nothing(
        answer.text,
        is_trouble=answer.trouble is not Trouble.NAME_NOT_FOUND,
        is_late=answer.trouble is Trouble.TIMED_OUT,
    )


def unheard(word: NoWord) -> Nothing:
    """What name servers that were not heard come to."""
    return Nothing(word.text, is_trouble=True, is_late=word.is_late)
