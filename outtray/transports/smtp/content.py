"""A message as it goes over the line: its line ends, its dots, and what it asks of a server."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from io import IncrementalNewlineDecoder

END = b".\r\n"


@dataclass(frozen=True)
class Content:
    """The bytes of one message, never changed here but for doubled dots.

    Reading 80 KB costs as much as all else that one handing over does here, so each
    question is asked of them once.
    """

    octets: bytes

    @property
    def size(self) -> int:
        """As SIZE counts it (RFC 1870 §6): with line ends, without doubled dots."""
        return len(self.octets)

    @property
    def has_bare_line_end(self) -> bool:
        """CR or LF alone: servers disagree on where such a message ends (SMTP smuggling)."""
        # The decoder of text files notes which line ends it met, twice as fast as counting.
        decoder = IncrementalNewlineDecoder(None, translate=False)
        decoder.decode(self.octets.decode("latin-1"), final=True)
        return decoder.newlines not in (None, "\r\n")

    @cached_property
    def is_8bit(self) -> bool:
        return not self.octets.isascii()

    @cached_property
    def has_utf8_headers(self) -> bool:
        """RFC 6532: only a server with SMTPUTF8 may get these."""
        return self.is_8bit and not self.octets.partition(b"\r\n\r\n")[0].isascii()

    def on_the_wire(self) -> bytes:
        """With dots doubled at the start of lines (RFC 5321 §4.5.2) and the final dot."""
        last_dot = self.octets.rfind(b".") + 1  # an encoded file, the greater part, has none
        stuffed = self.octets[:last_dot].replace(b"\r\n.", b"\r\n..")
        if stuffed.startswith(b"."):
            stuffed = b"." + stuffed
        ended = self.octets.endswith(b"\r\n") or not self.octets
        return b"".join(
            (stuffed, memoryview(self.octets)[last_dot:], b"" if ended else b"\r\n", END)
        )
