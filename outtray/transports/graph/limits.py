"""How much Graph takes at a time.

learn.microsoft.com/graph/outlook-large-attachments, learn.microsoft.com/graph/throttling-limits;
learn.microsoft.com, "Exchange Online limits" for messages and recipients.
"""

from __future__ import annotations

from outtray.transports.base import Limits

# Graph cuts requests at 4 MB; the message around what is counted here needs some of it.
_REQUEST = 4_000_000  # octets
# "Under 3 MB" by one request, else by upload. In between 2 and 3 MiB the server takes both.
WHOLE_FILE = 3_000_000
# "A multiple of 320 KiB", and below 4 MB.
PIECE = 12 * 320 * 1024
LARGEST = 150_000_000

PACE = Limits(messages_per_minute=30, recipients_per_day=10_000, connections=1)


def fits_request(octets: int) -> bool:
    """Whether one request may carry this much."""
    return octets <= _REQUEST
