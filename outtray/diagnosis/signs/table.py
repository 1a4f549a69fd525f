"""All signs in order; the first that fits wins.

What one identifier or one provider means beyond doubt comes first; then what was seen of the
line; then words that mean one thing wherever they are said, those that say most before those
that say least; at last what a refusal at a step, or a status, usually means.
"""

from __future__ import annotations

from collections.abc import Iterator

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs import (
    encryption,
    ews,
    limits,
    login,
    login_made,
    message,
    network,
    oauth,
    recipient,
    reputation,
    sender,
    server,
    web,
)
from outtray.diagnosis.signs.providers.every import PROVIDERS, speakers
from outtray.diagnosis.signs.sign import Sign, Signs
from outtray.diagnosis.symptom import Symptom
from outtray.transports.base import Stage

SEEN = Signs(
    *network.OF_RECIPIENT,
    *network.SEEN,
    *encryption.SEEN,
    *encryption.LAST_SEEN,
    *login.SEEN,
    *message.SEEN,
    *recipient.SEEN,
)

WEB = Signs(*ews.NAMED, *web.NAMED, *oauth.NAMED)

MAIL = Signs(
    *recipient.ASKED,
    *network.SAID,
    *encryption.SAID,
    *login.POLICY,
    *login_made.METHODS,
    *login_made.REFUSED[:2],
    *sender.GREETED_AS,
    *sender.VOUCHED,
    *sender.VERIFIED,
    *recipient.LOOPS,
    *message.CODES,
    *recipient.RESTRICTED,
    *limits.SAID,
    *login_made.REFUSED[2:],
    *reputation.STOPPED,
    *recipient.OWN_FULL,
    *sender.ADDRESS,
    *sender.RELAY,
    *reputation.DISTRUST,
    *message.CONTENT,
    *recipient.SAID,
    *message.SIZE,
    *message.FORM,
    *message.JUDGED,
    *recipient.USUAL,
    *server.SAID,
)

# In the envelope of a mail nobody speaks of tokens.
_ENVELOPE = frozenset({Stage.SENDER, Stage.RECIPIENT, Stage.CONTENT, Stage.ANSWER})

USUAL = Signs(*oauth.USUAL, *ews.USUAL, *web.USUAL, *login_made.USUAL, *server.USUAL)


def cause_of(symptom: Symptom) -> Cause:
    """The cause. There is always one."""
    found = (cause for signs in _in_order(symptom) if (cause := signs.cause_of(symptom)))
    return next(found, Cause.SERVER_TEMPORARY_FAILURE)


def every_sign() -> Iterator[Sign]:
    """All signs there are, for documents and tests."""
    for signs in (SEEN, WEB, MAIL, USUAL):
        yield from signs
    for provider in PROVIDERS:
        yield from provider.signs


def _in_order(symptom: Symptom) -> Iterator[Signs]:
    for provider in speakers(symptom):
        yield provider.table
    yield SEEN
    if symptom.protocol != "smtp" or symptom.stage not in _ENVELOPE:
        yield WEB
    yield MAIL
    yield USUAL
