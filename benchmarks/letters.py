"""What is sent: a short letter with a PDF of 60 KB that no other letter has.

As a message it has about 82 KB.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

PDF_BYTES = 60_000
TEXT = "Dear Ms Kunde,\n\nplease find our invoice attached.\n\nWith kind regards\nNordwind\n"
_NOISE = random.Random(7).randbytes(PDF_BYTES)


def pdfs() -> Iterator[bytes]:
    """One after another, each with bytes of its own."""
    number = random.getrandbits(63)
    while True:
        number += 1
        head = b"%%PDF-1.7 %020d\n" % number
        yield head + _NOISE[len(head) :]
