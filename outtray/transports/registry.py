"""All transports, by name. A new one is its folder and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from outtray.transports.base import Transport
from outtray.transports.ews.transport import EwsTransport
from outtray.transports.gmail.transport import GmailTransport
from outtray.transports.graph.transport import GraphTransport
from outtray.transports.smtp.transport import SmtpTransport

TRANSPORTS: Mapping[str, Transport] = {
    "smtp": SmtpTransport(),
    "gmail": GmailTransport(),
    "graph": GraphTransport(),
    "ews": EwsTransport(),
}
