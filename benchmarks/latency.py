"""How many messages one connection takes to a server 100 milliseconds away, there and back.

`smtplib`'s sendmail, our session alone, and a whole sitting, one after another over the same
slow line into Postfix's smtp-sink; 82 KB each.
"""

from __future__ import annotations

import json
import smtplib
import threading
import time
from contextlib import ExitStack
from itertools import zip_longest
from typing import TYPE_CHECKING

from benchmarks.cast import administrator, company_emails, letter
from benchmarks.fresh import installation, open_folder
from benchmarks.letters import pdfs
from benchmarks.sink import sink
from benchmarks.slow_line import slow_line

if TYPE_CHECKING:
    from outtray.mailboxes.models import Mailbox
    from outtray.outbox.accept import Written

COUNT = 40
EACH_WAY = 0.05  # seconds


def main() -> None:
    with ExitStack() as stack:
        stack.enter_context(installation(OUTTRAY_ALLOW_LOCAL="1"))
        taker = stack.enter_context(sink(stack.enter_context(open_folder())))
        port = stack.enter_context(slow_line(taker.port, seconds=EACH_WAY))
        (mailbox,) = company_emails(1, administrator(), port=port)
        letters = _written(mailbox)
        plain, session, sitting = (
            COUNT / measured(letters, mailbox) for measured in (_smtplib, _session, _sitting)
        )
        assert taker.taken() == 3 * COUNT
    result = {
        "smtplib_per_second": round(plain, 2),
        "session_per_second": round(session, 2),
        "sitting_per_second": round(sitting, 2),
        "session_ratio": round(session / plain, 2),
        "sitting_ratio": round(sitting / plain, 2),
    }
    print(json.dumps(result, indent=2))


def _written(mailbox: Mailbox) -> list[Written]:
    from outtray.lib.clock import now
    from outtray.outbox.accept import write

    files = pdfs()
    return [write(letter(mailbox, next(files)), mailbox=mailbox, at=now()) for _ in range(COUNT)]


def _smtplib(letters: list[Written], mailbox: Mailbox) -> float:
    begun = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", int(mailbox.settings["port"])) as server:
        for each in letters:
            envelope = each.message.envelope
            recipients = [str(recipient) for recipient in envelope.recipients]
            server.sendmail(str(envelope.sender), recipients, each.message.content)
    return time.perf_counter() - begun


def _session(letters: list[Written], mailbox: Mailbox) -> float:
    from outtray.mailboxes.routes import route_for
    from outtray.transports.base import Refusal
    from outtray.transports.registry import TRANSPORTS

    begun = time.perf_counter()
    session = TRANSPORTS["smtp"].open(route_for(mailbox))
    assert not isinstance(session, Refusal)
    for each, following in zip_longest(letters, letters[1:]):
        if following:
            message = following.message
            session.announce(message.envelope, message.content, while_waiting=_nothing)
        session.send(each.message.envelope, each.message.content, before_content=_nothing)
    session.close()
    return time.perf_counter() - begun


def _sitting(letters: list[Written], mailbox: Mailbox) -> float:
    """As the engine does it: others get a turn every second, and the session is kept."""
    from outtray.delivery.parked import Park
    from outtray.delivery.work import DeliveryWork
    from outtray.lib.clock import SYSTEM
    from outtray.outbox.accept import Terms, accept_all, keep_all

    work, stop = DeliveryWork(SYSTEM, Park()), threading.Event()
    accept_all(keep_all(letters), Terms(at=SYSTEM.now()))
    begun = time.perf_counter()
    while keys := list(work.due(SYSTEM.now())):
        for key in keys:
            work.do(key, stop)
    return time.perf_counter() - begun


def _nothing() -> None:
    """Nobody needs to know that the content is next, or that an answer takes its time."""


if __name__ == "__main__":
    main()
