"""A message as a draft: written with all its files, then sent, or deleted if it cannot be.

learn.microsoft.com/graph/api/user-post-messages, learn.microsoft.com/graph/api/message-send,
learn.microsoft.com/graph/outlook-large-attachments
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import quote

from outtray.mail.address import Address
from outtray.mail.envelope import Envelope
from outtray.transports.base import Failure, Scope, Source, Stage, Trouble, Verdict
from outtray.transports.graph import payload
from outtray.transports.graph.client import Client, Reply, named
from outtray.transports.graph.failures import failure_from
from outtray.transports.graph.letter import File, Letter
from outtray.transports.graph.limits import PIECE, WHOLE_FILE, fits_request
from outtray.transports.graph.lookup import messages_of
from outtray.transports.graph.verdicts import verdict_on
from outtray.transports.web import Answer
from outtray.transports.web_failures import own_failure


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft in the mailbox; its id is immutable."""

    path: str


def write(
    client: Client, letter: Letter, envelope: Envelope, *, sender: Address | None
) -> Draft | Failure:
    """Write the draft with all its files. Where that fails, nothing of it is left behind."""
    _clear(client, letter)
    content, is_whole = _content(letter, envelope, sender)
    reply = client.ask("POST", f"{client.mailbox}/messages", content=content)
    if not _is(reply, HTTPStatus.CREATED) or not named(reply, "id"):
        return failure_from(reply, stage=Stage.CONTENT)
    draft = _draft(client, named(reply, "id"))
    failure = _keep_id(client, draft, letter, named(reply, "internetMessageId"))
    if not failure and not is_whole:
        failure = _attach_all(client, draft, letter)
    if failure:
        delete(client, draft)
        return failure
    return draft


def send(client: Client, draft: Draft, *, before_content: Callable[[], None]) -> Verdict:
    """Send it. It stays where it is if nobody knows whether it was sent."""
    try:
        before_content()
    except BaseException:
        delete(client, draft)
        raise
    verdict = verdict_on(client.ask("POST", f"{draft.path}/send", seconds=client.patience.answer))
    if isinstance(verdict, Failure):
        delete(client, draft)
    return verdict


def delete(client: Client, draft: Draft) -> None:
    """Take it away, if that is possible."""
    client.ask("DELETE", draft.path)


def of_message(failure: Failure) -> Failure:
    """Where only what large files need is refused, as is known of shared mailboxes, the mailbox
    may go on with others."""
    is_right = failure.code in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
    return replace(failure, scope=Scope.MESSAGE) if is_right else failure


def _clear(client: Client, letter: Letter) -> None:
    """Take away what an earlier try has left of this very message, if that is possible: a
    person who finds it among the drafts would send it once more."""
    path = f"{client.mailbox}/mailFolders/drafts/messages"
    found = messages_of(client, path, letter.message_id) if letter.message_id else []
    if isinstance(found, Failure):
        return
    for left in found:
        if left.is_draft and left.id:
            delete(client, _draft(client, left.id))


def _draft(client: Client, draft_id: str) -> Draft:
    return Draft(f"{client.mailbox}/messages/{quote(draft_id, safe='')}")


def _content(letter: Letter, envelope: Envelope, sender: Address | None) -> tuple[bytes, bool]:
    """The draft in JSON, with its files if one request carries them; and whether it has them."""
    if fits_request(sum(len(file.content) for file in letter.files) * 4 // 3):
        content = payload.octets(payload.message(letter, envelope, sender=sender))
        if fits_request(len(content)):
            return content, True
    told = payload.message(letter, envelope, sender=sender, with_files=False)
    return payload.octets(told), not letter.files


def _keep_id(client: Client, draft: Draft, letter: Letter, given: str) -> Failure | None:
    """See to it that the draft has our Message-ID, which can be changed while it is one."""
    if not letter.message_id or given == letter.message_id:
        return None
    content = payload.octets({"internetMessageId": letter.message_id})
    reply = client.ask("PATCH", draft.path, content=content)
    return None if _is(reply, HTTPStatus.OK) else failure_from(reply, stage=Stage.CONTENT)


def _attach_all(client: Client, draft: Draft, letter: Letter) -> Failure | None:
    for file in letter.files:
        is_small = len(file.content) < WHOLE_FILE
        failure = (_attach if is_small else _upload)(client, draft, file)
        if failure:
            return failure
    return None


def _attach(client: Client, draft: Draft, file: File) -> Failure | None:
    content = payload.octets(payload.attachment(file))
    reply = client.ask("POST", f"{draft.path}/attachments", content=content)
    return None if _is(reply, HTTPStatus.CREATED) else failure_from(reply, stage=Stage.CONTENT)


def _upload(client: Client, draft: Draft, file: File) -> Failure | None:
    """Piece by piece, in order. One that fails ends it: the email is tried again as a whole."""
    path = f"{draft.path}/attachments/createUploadSession"
    reply = client.ask("POST", path, content=payload.octets(payload.upload(file)))
    if not _is(reply, HTTPStatus.CREATED, HTTPStatus.OK) or not named(reply, "uploadUrl"):
        return of_message(failure_from(reply, stage=Stage.CONTENT))
    url, size = named(reply, "uploadUrl"), len(file.content)
    for start in range(0, size, PIECE):
        piece = file.content[start : start + PIECE]
        end = start + len(piece)
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Range": f"bytes {start}-{end - 1}/{size}",
        }
        reply = client.put(url, headers=headers, content=piece)
        if not _is(reply, HTTPStatus.CREATED if end == size else HTTPStatus.OK):
            return _of_upload(failure_from(reply, stage=Stage.CONTENT))
        if end < size and not _expects(reply, end):
            text = f"the server does not expect octet {end} of {file.name} next"
            return own_failure(Trouble.NOT_A_MAIL_SERVER, text, stage=Stage.CONTENT)
    return None


def _of_upload(failure: Failure) -> Failure:
    """An upload has rights of its own, which end: that says nothing about the mailbox."""
    if failure.scope is not Scope.MAILBOX or failure.source is not Source.SERVER:
        return failure
    return replace(failure, stage=Stage.CONTENT, scope=Scope.SERVER, is_temporary=True)


def _expects(reply: Reply, octet: int) -> bool:
    """Whether the server wants the next piece to begin there, as far as it says."""
    told = reply.json() if isinstance(reply, Answer) else None
    ranges = told.get("nextExpectedRanges") if isinstance(told, dict) else None
    if not isinstance(ranges, list) or not ranges:
        return True
    return str(ranges[0]).partition("-")[0] == str(octet)


def _is(reply: Reply, *statuses: HTTPStatus) -> bool:
    return isinstance(reply, Answer) and reply.status in statuses
