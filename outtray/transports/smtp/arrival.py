"""Whether the test mail has arrived, and whether the server has filed a copy of it.

Looked at where the mailbox can be read. Neither is needed to send, so nothing here is a
failure: mail may take its time, and where it cannot be read there is nothing to see.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from outtray.lib import clock
from outtray.mail.reading import read
from outtray.transports.base import Failure, Route, Trace
from outtray.transports.smtp.imap import Folder, ImapLine
from outtray.transports.smtp.mail_store import in_mailbox
from outtray.transports.smtp.opening import Passed
from outtray.transports.smtp.patience import Patience
from outtray.transports.smtp.sent_folder import sent_folders

_INBOX = Folder("INBOX", '"INBOX"', frozenset())
_JUNK = frozenset({"junk", "spam", "junk e-mail", "junk-e-mail", "bulk mail", "spamverdacht"})
_FIRST_WAIT = 0.05  # seconds, doubled each time
_ROOM = 4  # seconds for connecting, logging in and looking, besides the waiting


def arrived(route: Route, message: bytes, patience: Patience) -> Passed:
    """What is seen of a test mail that the server has just taken."""
    # Servers count by their own clock, and the day before counts along.
    trace = Trace(read(message).header("Message-ID"), clock.now())
    hasty = replace(
        patience,
        connect=min(patience.connect, 2),
        handshake=min(patience.handshake, 3),
        search=patience.arrival + _ROOM,
    )
    seen = in_mailbox(route, hasty, lambda line: _seen(line, trace, patience.arrival))
    if isinstance(seen, Failure):
        return Passed(f"the mailbox cannot be read: {seen.text}", {"arrived": "unknown"})
    return seen


def _seen(line: ImapLine, trace: Trace, seconds: float) -> Passed:
    started = time.monotonic()
    has_arrived = _waited_for(line, trace, seconds)
    folders = line.folders()
    sent = sent_folders(folders)
    is_filed = any(line.holds(folder, trace.message_id, trace.since) for folder in sent[:2])
    if has_arrived:
        told = f"arrived in the inbox after {time.monotonic() - started:.1f} s"
        return Passed(told + _filed(is_filed=is_filed), _facts("yes", "yes" if is_filed else "no"))
    # A copy may come as late as the mail itself, so nothing follows from its absence.
    copy = "yes" if is_filed else "unknown"
    for folder in folders:
        is_junk = "\\junk" in folder.uses or folder.last_name in _JUNK
        if is_junk and line.holds(folder, trace.message_id, trace.since):
            return Passed(f"arrived, but in the folder {folder.name}", _facts("as junk", copy))
    return Passed("not seen in the inbox yet; mail may take some minutes", _facts("not yet", copy))


def _waited_for(line: ImapLine, trace: Trace, seconds: float) -> bool:
    """Look for it again and again, less and less often."""
    ends_at, wait = time.monotonic() + seconds, _FIRST_WAIT
    while not line.holds(_INBOX, trace.message_id, trace.since):
        if time.monotonic() + wait > ends_at:
            return False
        threading.Event().wait(wait)
        wait *= 2
    return True


def _filed(*, is_filed: bool) -> str:
    return "; the server keeps a copy of it" if is_filed else "; the server keeps no copy of it"


def _facts(has_arrived: str, sent_copy: str) -> dict[str, str]:
    return {"arrived": has_arrived, "sent_copy": sent_copy}
