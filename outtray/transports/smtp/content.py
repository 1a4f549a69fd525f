"""A message as it goes over the line: its line ends, its dots, and what it asks of a server."""

from __future__ import annotations

from dataclasses import dataclass

END = b".\r\n"


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of one message, never changed here but for doubled dots."""

    octets: bytes

    @property
    def size(self) -> int:
        """As SIZE counts it (RFC 1870 §6): with line ends, without doubled dots."""
        return len(self.octets)

    @property
    def has_bare_line_end(self) -> bool:
        """CR or LF alone: servers disagree on where such a message ends (SMTP smuggling)."""
        pairs = self.octets.count(b"\r\n")
        return self.octets.count(b"\r") != pairs or self.octets.count(b"\n") != pairs

    @property
    def is_8bit(self) -> bool:
        return not self.octets.isascii()

    @property
    def has_utf8_headers(self) -> bool:
        """RFC 6532: only a server with SMTPUTF8 may get these."""
        return self.is_8bit and not self.octets.partition(b"\r\n\r\n")[0].isascii()

    def on_the_wire(self) -> bytes:
        """With dots doubled at the start of lines (RFC 5321 §4.5.2) and the final dot."""
        stuffed = self.octets.replace(b"\r\n.", b"\r\n..")
        if stuffed.startswith(b"."):
            stuffed = b"." + stuffed
        if stuffed and not stuffed.endswith(b"\r\n"):
            stuffed += b"\r\n"
        return stuffed + END
