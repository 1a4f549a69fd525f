"""A name server of ours, over UDP and TCP, that a test tells what to answer, or not to."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

Zone = dict[str, dict[str, list[str]]]


class NameServer:
    """Knows what it is told, and says of all else that it does not exist."""

    def __init__(self) -> None:
        self._zone: Zone = {}
        self._silent: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(self._tcp.getsockname())
        self.place = f"127.0.0.1:{self._tcp.getsockname()[1]}"
        for serve in (self._serve_udp, self._serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    def says(self, name: str, kind: str, *values: str) -> None:
        """Records of a name, as a zone file writes them."""
        self._zone.setdefault(name, {})[kind] = list(values)

    def is_here(self, *names: str) -> None:
        """These are servers of this machine."""
        for name in names:
            self.says(name, "A", "127.0.0.1")

    def is_silent_about(self, *names: str) -> None:
        """Whoever asks for one of these waits for ever; "" is for everything."""
        self._silent.update(names)

    def forget(self) -> None:
        self._zone.clear()
        self._silent.clear()
        self.asked.clear()

    def stop(self) -> None:
        self._tcp.close()
        self._udp.close()

    def _serve_udp(self) -> None:
        with suppress(OSError):
            while True:
                wire, client = self._udp.recvfrom(4096)
                answer = self._answer(wire)
                if answer:
                    self._udp.sendto(_small(answer), client)

    def _serve_tcp(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._tcp.accept()
                with sock, suppress(OSError, struct.error):
                    (length,) = struct.unpack("!H", sock.recv(2))
                    answer = self._answer(sock.recv(length))
                    if answer:
                        wire = answer.to_wire(max_size=65535)
                        sock.sendall(struct.pack("!H", len(wire)) + wire)

    def _answer(self, wire: bytes) -> dns.message.Message | None:
        """None also for what is no question: anybody on this machine may send to our port."""
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if name in self._silent or "" in self._silent:
            return None
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        records = self._zone.get(name)
        if records is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif records.get(kind):
            answer.answer.append(
                dns.rrset.from_text_list(
                    question.name, 60, dns.rdataclass.IN, question.rdtype, records[kind]
                )
            )
        return answer


def _small(answer: dns.message.Message) -> bytes:
    """What fits into a datagram, or only the word that it does not (RFC 1035 §4.2.1)."""
    wire = answer.to_wire(max_size=65535)
    if len(wire) <= 1200:
        return wire
    answer.answer.clear()
    answer.flags |= dns.flags.TC
    return answer.to_wire()


@contextmanager
def name_server() -> Iterator[NameServer]:
    """One for as long as it is needed."""
    server = NameServer()
    yield server
    server.stop()
