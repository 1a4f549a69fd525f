"""All transports, by name. A new one is its folder and one line here.

Each is read when it is first used: who checks one mailbox from the command line need not wait
for the parts of all others.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, MutableMapping

from outtray.transports.base import Transport

_MADE_BY: Mapping[str, str] = {
    "smtp": "outtray.transports.smtp.transport:SmtpTransport",
    "gmail": "outtray.transports.gmail.transport:GmailTransport",
    "graph": "outtray.transports.graph.transport:GraphTransport",
    "ews": "outtray.transports.ews.transport:EwsTransport",
}


class _OnDemand(MutableMapping[str, Transport]):
    """Knows all names from the beginning, and makes each transport once."""

    def __init__(self) -> None:
        self._made: dict[str, Transport] = {}

    def __getitem__(self, name: str) -> Transport:
        if name not in self._made:
            module, _, made_by = _MADE_BY[name].partition(":")
            transport: Transport = getattr(importlib.import_module(module), made_by)()
            self._made.setdefault(name, transport)
        return self._made[name]

    def __setitem__(self, name: str, transport: Transport) -> None:
        self._made[name] = transport

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in _MADE_BY or name in self._made

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys((*_MADE_BY, *self._made))

    def __len__(self) -> int:
        return len({*_MADE_BY, *self._made})


TRANSPORTS: Mapping[str, Transport] = _OnDemand()
