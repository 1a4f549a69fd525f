"""Documents and emails for the pages to show."""

from __future__ import annotations

import json
from datetime import date

from outtray.documents.importing import import_documents
from outtray.documents.models import Document
from outtray.documents.samples.samples import sample_documents
from outtray.lib import clock
from outtray.mailboxes.models import Mailbox
from outtray.outbox.add_to_queue import Wishes, add_to_queue
from outtray.outbox.models import Email
from outtray.people.models import Membership
from tests.builders import user_email


def samples() -> list[dict[str, object]]:
    """One document of each kind, as an ERP would hand them over."""
    return json.loads(json.dumps(sample_documents(date(2026, 11, 20)), default=str))  # type: ignore[no-any-return] # JSON


def imported(membership: Membership) -> dict[str, Document]:
    """The samples, imported, by their kind."""
    payload = json.dumps(samples()).encode()
    result = import_documents(membership.company, payload, by=membership.person, at=clock.now())
    return {document.kind: document for document in result.documents}


def mailbox_of(membership: Membership, port: int = 2525) -> Mailbox:
    """The User Email of somebody, ready to send."""
    return user_email(membership, at=clock.now(), port=port)


def queued_email(membership: Membership, document: Document) -> Email:
    """An email with this document that waits in the queue."""
    added = add_to_queue(
        [document], membership=membership, wishes=Wishes(undo_seconds=3600), at=clock.now()
    )
    assert added[0].email, added[0].problem
    return added[0].email
