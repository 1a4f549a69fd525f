"""A small internet on this machine: a name server, and a web server that plays every site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from outtray.transports.detection.values import Reach
from outtray.transports.names import Names
from tests.servers.authority import Authority
from tests.servers.names import NameServer
from tests.servers.website import Website

DATABASE = "autoconfig.thunderbird.net"
MICROSOFT = "login.microsoftonline.com"
_SITES = (
    "nordwind.example",
    "*.nordwind.example",
    DATABASE,
    MICROSOFT,
)


class Internet:
    """What detection can ask, played. Nobody knows nordwind.example until a test says so."""

    def __init__(self, authority: Authority) -> None:
        self.names = NameServer()
        self.web = Website(authority, *_SITES)
        self.reach = Reach(
            names=Names((self.names.place,)),
            allow_local=True,
            ca_file=str(authority.ca_file),
            https_port=self.web.port,
        )
        self.forget()

    def publishes(self, host: str, path: str, body: str, **head: str) -> None:
        """A page of a host, which gets an address."""
        self.names.is_here(host)
        self.web.shows(f"{host}/{path}", body, **head)

    def forget(self) -> None:
        self.names.forget()
        self.web.forget()
        self.names.is_here(DATABASE, MICROSOFT)

    def stop(self) -> None:
        self.names.stop()
        self.web.stop()


@contextmanager
def internet(authority: Authority) -> Iterator[Internet]:
    """One for as long as it is needed."""
    played = Internet(authority)
    yield played
    played.stop()


def client_config(
    *servers: str, incoming: str = "", head: str = '<?xml version="1.0" encoding="UTF-8"?>'
) -> str:
    """A document of autoconfig."""
    told = "".join(servers)
    return (
        f'{head}<clientConfig version="1.1"><emailProvider id="nordwind.example">'
        f"{incoming}{told}</emailProvider></clientConfig>"
    )


def outgoing(
    host: str,
    *,
    port: str = "465",
    socket: str = "SSL",
    username: str = "%EMAILADDRESS%",
    authentication: str = "password-cleartext",
) -> str:
    """One outgoing server of such a document."""
    return (
        f'<outgoingServer type="smtp"><hostname>{host}</hostname><port>{port}</port>'
        f"<socketType>{socket}</socketType><username>{username}</username>"
        f"<authentication>{authentication}</authentication></outgoingServer>"
    )
