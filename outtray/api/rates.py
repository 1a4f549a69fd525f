"""How many requests a key may make."""

from __future__ import annotations

from outtray.lib.rate import Rate

# A key may make a burst at once, and then so many in a second for as long as it likes.
KEY_BURST = 300
KEY_PER_SECOND = 20.0
# Wrong keys, by the address they come from: enough for a slip, too few for guessing.
STRANGER_BURST = 30
STRANGER_PER_SECOND = 0.5

KEYS = Rate(KEY_BURST, KEY_PER_SECOND)
STRANGERS = Rate(STRANGER_BURST, STRANGER_PER_SECOND)
