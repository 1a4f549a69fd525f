"""All signs of SMTP, read from the top; the first that fits wins.

What we saw ourselves; then words that mean one thing wherever they are said; then words and
codes at the step where they are said; at last what a step's refusal usually means.
"""

from __future__ import annotations

from outtray.diagnosis.signs import Sign
from outtray.diagnosis.smtp_signs import (
    encryption,
    limits,
    login,
    message,
    network,
    recipient,
    sender,
    usual,
)

SIGNS: tuple[Sign, ...] = (
    *network.SEEN,
    *encryption.SEEN,
    *login.SEEN,
    *message.SEEN,
    *network.SAID,
    *encryption.SAID,
    *login.SAID,
    *sender.SAID,
    *limits.SAID,
    *message.DISTRUST,
    *message.SAID,
    *recipient.SAID,
    *usual.SAID,
    *usual.USUAL,
)
