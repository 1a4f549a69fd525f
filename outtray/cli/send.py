"""`outtray send`: add documents to the Email Queue, and deliver them now."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from outtray.cli import acting
from outtray.cli.imports import complain
from outtray.cli.output import as_json, table
from outtray.cli.waiting import stopped_by_ctrl_c, wait_until
from outtray.lib.errors import Refused

if TYPE_CHECKING:
    from outtray.documents.models import Document
    from outtray.mailboxes.models import Mailbox
    from outtray.outbox.add_to_queue import Queued, Wishes
    from outtray.people.models import Membership

# Longer than a server may take to answer, where a serving process has one in hand.
PATIENCE = 660


@click.command("send")
@click.argument("what", nargs=-1, required=True, metavar="FILE|NUMBER...")
@click.option("--from", "sender", default="", metavar="ADDRESS", help="The mailbox to send from.")
@click.option("--combine", is_flag=True, help="One email with all documents of a recipient.")
@click.option(
    "--at",
    "due_at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"]),
    help="Not before this time, such as 2027-01-04T08:00+0100.",
)
@click.option("--again", is_flag=True, help="Also what has been sent already.")
@click.option("--key", default=None, help="The same key never sends twice.")
@click.option("--queue-only", is_flag=True, help="Leave the delivery to `outtray serve`.")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@acting.for_company
def command(
    what: tuple[str, ...],
    *,
    sender: str,
    combine: bool,
    due_at: dt.datetime | None,
    again: bool,
    key: str | None,
    queue_only: bool,
    is_json: bool,
    company: str,
    as_person: str,
) -> None:
    """Send documents: those of a JSON FILE, or stored ones by their NUMBER.

    Where a number stands for documents of several kinds, write kind:number. The exit status
    is 0 if every document was accepted by the mail server (with --queue-only: queued).

    \b
    Example:
        outtray send invoice.json --as ben@example.com
        outtray send RE-2026-0117 invoice:4711 --queue-only
    """
    acting.ready()
    from outtray.outbox.add_to_queue import Wishes

    member = acting.person(company, as_person)
    documents = [document for each in what for document in _documents(member, each)]
    wishes = Wishes(
        mailbox=_mailbox(member, sender),
        combine=combine,
        due_at=due_at,
        again=again,
        key=key,
        fingerprint=_fingerprint(documents) if key else "",
    )
    queued = _queue(member, documents, wishes)
    if not queue_only:
        _deliver([each.email.pk for each in queued if each.email and not due_at])
    _show(queued, is_json=is_json)
    sys.exit(0 if _is_done(queued, queue_only=queue_only or due_at is not None) else 1)


def _documents(member: Membership, what: str) -> list[Document]:
    if Path(what).is_file():
        return _imported(member, Path(what))
    from outtray.documents.models import Document

    kind, _, number = what.rpartition(":")
    visible = Document.objects.visible_to(member).select_related("party", "company")
    found = list(visible.filter(number=number, kind=kind) if kind else visible.filter(number=what))
    if not found:
        raise Refused("no_such_document", f"There is no file and no document {what!r}.")
    if len(found) > 1:
        names = ", ".join(f"{document.kind}:{document.number}" for document in found)
        raise Refused("several_documents", f"{what!r} is several documents: {names}.")
    return found


def _imported(member: Membership, path: Path) -> list[Document]:
    from outtray.documents.importing import import_documents
    from outtray.lib import clock

    result = import_documents(member.company, path.read_bytes(), by=member.person, at=clock.now())
    if result.refused:
        complain(result)
        raise Refused("documents_refused", f"Nothing of {path} was sent.")
    return result.documents


def _mailbox(member: Membership, address: str) -> Mailbox | None:
    if not address:
        return None
    from outtray.mailboxes.models import Mailbox

    usable = Mailbox.objects.usable_by(member).filter(address__iexact=address)
    found = usable.order_by("whose").first()
    if found is None:
        raise Refused("no_such_mailbox", f"{member.person.email} cannot send from {address}.")
    return found


def _fingerprint(documents: Sequence[Document]) -> str:
    import hashlib

    told = " ".join(f"{document.pk} {document.fingerprint}" for document in documents)
    return hashlib.sha256(told.encode()).hexdigest()


def _queue(member: Membership, documents: Sequence[Document], wishes: Wishes) -> list[Queued]:
    from outtray.lib import clock
    from outtray.outbox.add_to_queue import add_to_queue

    return add_to_queue(documents, membership=member, wishes=wishes, at=clock.now())


def _deliver(email_ids: Sequence[UUID]) -> None:
    """Deliver here; what a serving process has in hand is waited for."""
    from outtray.delivery.once import deliver_now
    from outtray.lib.clock import SYSTEM
    from outtray.outbox.models import Email

    sending = Email.objects.filter(pk__in=email_ids, state="sending")
    with stopped_by_ctrl_c() as stop:
        deliver_now(email_ids, clock=SYSTEM, stop=stop)
        wait_until(lambda: not sending.exists(), seconds=PATIENCE, stop=stop)


def _show(queued: Sequence[Queued], *, is_json: bool) -> None:
    rows = [_told(each) for each in queued]
    if is_json:
        as_json({"emails": rows})
        return
    table(
        ("DOCUMENTS", "RECIPIENTS", "STATE", "REPLY"),
        [(row["documents"], row["recipients"], row["state"], row["reply"]) for row in rows],
    )


def _told(queued: Queued) -> dict[str, object]:
    from outtray.lib import clock
    from outtray.outbox.standstill import is_held
    from outtray.outbox.why import why_not_sent

    numbers = ", ".join(document.number for document in queued.documents)
    if queued.email is None:
        assert queued.problem
        return {
            "email_id": None,
            "documents": numbers,
            "recipients": "",
            "state": queued.problem.code,
            "reply": queued.problem.detail,
        }
    email = queued.email
    email.refresh_from_db()
    waiting = why_not_sent(email, at=clock.now(), is_held=is_held())
    last = email.attempts.last()
    reply = waiting.sentence if waiting else last.reply if last else ""
    return {
        "email_id": email.pk,
        "message_id": email.message_id,
        "documents": numbers,
        "recipients": email.to_summary,
        "state": email.state,
        "reply": reply,
    }


def _is_done(queued: Sequence[Queued], *, queue_only: bool) -> bool:
    if any(each.email is None for each in queued):
        return False
    return queue_only or all(each.email and each.email.state == "sent" for each in queued)
