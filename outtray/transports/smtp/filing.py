"""Put copies of what was sent into the mailbox's own Sent folder, over IMAP.

Nothing is put there twice: the folder is looked into first, and the server may have filed a
copy by itself. What fails here has been sent all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outtray.transports.base import Copy, Failure, Filed, Route
from outtray.transports.smtp.imap import Folder, ImapBroken, ImapLine
from outtray.transports.smtp.mail_store import in_mailbox
from outtray.transports.smtp.patience import Patience
from outtray.transports.smtp.sent_folder import sent_folders

# RFC 6154 §2 names no folder; most mail programs call it so. Some servers keep all folders
# below the inbox (RFC 2342 §5).
_NAMES = ("Sent", "INBOX.Sent")
_OCTETS_A_SECOND = 200_000  # of a slow line, added to the patience for a look


def file_copies(
    route: Route, copies: Sequence[Copy], *, patience: Patience
) -> tuple[Filed | Failure, ...]:
    """Put each there unless it is there already. A failure is that of all that were left."""
    octets = sum(len(copy.message) for copy in copies)
    patience = replace(patience, search=patience.search + octets / _OCTETS_A_SECOND)
    done: list[Filed | Failure] = []
    outcome = in_mailbox(route, patience, lambda line: _file_all(line, copies, done))
    left = len(copies) - len(done)
    return (*done, *([outcome] * left if isinstance(outcome, Failure) else ()))


def _file_all(line: ImapLine, copies: Sequence[Copy], done: list[Filed | Failure]) -> None:
    folder = _sent_folder(line)
    for copy in copies:
        trace = copy.trace
        was_there = line.holds(folder, trace.message_id, trace.since)
        if not was_there:
            line.put(folder, copy.message, trace.since)
        done.append(Filed(folder.name, was_there))


def _sent_folder(line: ImapLine) -> Folder:
    found = sent_folders(line.folders())
    if found:
        return found[0]
    made = (line.make_folder(name) for name in _NAMES)
    folder = next((folder for folder in made if folder), None)
    if folder is None:
        raise ImapBroken("the mailbox has no Sent folder, and none can be made")
    return folder
