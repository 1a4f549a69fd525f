"""What happens in the demo, by the verbs that the pages call.

1. A company with an administrator and a user. 2. The user's User Email and a Company Email,
each validated. 3. Six documents. 4. Add to Email Queue. 5. Watch until each has its answer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from json import dumps

from django.conf import settings

from outtray.compose.rules.set_sender import set_sender
from outtray.diagnosis.models import Probe
from outtray.diagnosis.probes import run_probe, start_probe
from outtray.documents.importing import import_documents
from outtray.documents.kinds.registry import KINDS
from outtray.documents.logo import check_logo
from outtray.documents.models import Document
from outtray.documents.samples.cast import COMPANY, sample_logo
from outtray.documents.samples.samples import sample_documents
from outtray.lib.clock import Clock
from outtray.lib.errors import Refused
from outtray.mailboxes.drafts import MailboxDraft
from outtray.mailboxes.models import Mailbox, Whose
from outtray.mailboxes.save import save_company_email, save_user_email
from outtray.ops.demo.destination import Destination, Login
from outtray.ops.demo.result import Line, Result
from outtray.outbox.add_to_queue import Queued, Wishes, add_to_queue
from outtray.outbox.models import Email
from outtray.outbox.states import Reason, State
from outtray.people.companies import found
from outtray.people.models import Company, Membership, Role
from outtray.people.who import join

FROM_THE_COMPANY = ("order_confirmation", "payment_reminder")
PATIENCE = 120.0  # seconds until the demo shows what it has, however it stands
LOOK = 0.05  # seconds between two looks at a row

Say = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts in the demo."""

    administrator: Membership
    user: Membership


def tell(destination: Destination, password: str, *, clock: Clock, say: Say) -> Result:
    """Play the whole story, saying each change; answer what became of the six documents."""
    try:
        cast = set_up(destination, password, clock=clock, say=say)
        documents = import_samples(cast, clock)
        say("documents", f"{len(documents)} imported")
        queued = [_press(document, cast.user, clock=clock, say=say) for document in documents]
    except Refused as refused:
        return Result(problem=refused.detail)
    _watch(queued, clock=clock, say=say)
    return Result(tuple(_line(entry) for entry in queued))


def set_up(destination: Destination, password: str, *, clock: Clock, say: Say) -> Cast:
    """A company whose two mailboxes are ready. Refuses if Validate fails."""
    cast = _company(password, clock)
    say("company", COMPANY["name"])
    say("people", "Anna Andresen (administrator), Ben Behrens (user)")
    _mailboxes(cast, destination, clock=clock, say=say)
    return cast


def import_samples(cast: Cast, clock: Clock) -> list[Document]:
    """One document of each kind, dated today."""
    now = clock.now()
    payload = dumps({"documents": sample_documents(now.date())}).encode()
    result = import_documents(cast.user.company, payload, by=cast.user.person, at=now)
    return result.documents


def _company(password: str, clock: Clock) -> Cast:
    administrator = found(
        COMPANY["name"],
        person_name="Anna Andresen",
        email="anna@nordwind.example",
        password=password,
        at=clock.now(),
    )
    logo = check_logo(sample_logo())
    kept = {"logo": settings.BLOBS.put(logo.content), "logo_format": logo.format}
    Company.objects.filter(pk=administrator.company_id).update(**COMPANY, **kept)
    administrator.company.refresh_from_db()
    user = join(
        administrator.company,
        name="Ben Behrens",
        email="ben@nordwind.example",
        role=Role.USER,
        password=password,
        at=clock.now(),
    )
    return Cast(administrator, user)


def _mailboxes(cast: Cast, destination: Destination, *, clock: Clock, say: Say) -> None:
    user_email = _draft(destination, destination.user, Whose.USER, destination.user_address)
    own = save_user_email(cast.user, user_email, at=clock.now())
    _validate(cast.user, own, clock=clock, say=say)
    company_email = _draft(
        destination, destination.company, Whose.COMPANY, destination.company_address
    )
    ours = save_company_email(cast.administrator, company_email, at=clock.now())
    _validate(cast.administrator, ours, clock=clock, say=say)
    for kind in FROM_THE_COMPANY:
        set_sender(cast.administrator, kind, send_from=ours.pk)


def _draft(destination: Destination, login: Login, whose: Whose, address: str) -> MailboxDraft:
    is_users = whose == Whose.USER
    return MailboxDraft(
        whose=whose,
        name="Ben" if is_users else "Billing",
        display_name="Ben Behrens" if is_users else COMPANY["name"],
        address=address,
        settings=destination.settings(login),
        secret=login.password,
    )


def _validate(membership: Membership, mailbox: Mailbox, *, clock: Clock, say: Say) -> None:
    """Probe the saved mailbox to the end, here or in the engine, whichever is first."""
    probe = run_probe(start_probe(membership, mailbox, at=clock.now()).pk, clock=clock)
    while probe.state in (Probe.State.WAITING, Probe.State.RUNNING):
        clock.wait(threading.Event(), LOOK)
        probe.refresh_from_db()
    whose = Whose(mailbox.whose).label.lower()
    if probe.state == Probe.State.FAILED:
        told = probe.explanation or {}
        raise Refused(
            "not_validated", f"{mailbox.address}: {told.get('headline', 'not validated')}"
        )
    took = sum(finding["milliseconds"] for finding in probe.findings)
    say(whose, f"{mailbox.address} validated in {took} ms")


def _press(document: Document, membership: Membership, *, clock: Clock, say: Say) -> Queued:
    """Add to Email Queue; it goes while the next one is still being set."""
    (queued,) = add_to_queue([document], membership=membership, wishes=Wishes(), at=clock.now())
    say("queued" if queued.email else "refused", _named(document))
    return queued


def _named(document: Document) -> str:
    return f"{KINDS[document.kind].label('en').lower()} {document.number}"


def _watch(queued: Sequence[Queued], *, clock: Clock, say: Say) -> None:
    """Say each change of state, until all emails stand still."""
    documents = {entry.email.pk: entry.documents[0] for entry in queued if entry.email}
    told: dict[object, str] = dict.fromkeys(documents, State.QUEUED)
    deadline = clock.now().timestamp() + PATIENCE
    while clock.now().timestamp() < deadline:
        emails = list(Email.objects.filter(pk__in=documents).order_by("pk"))
        for email in emails:
            if told[email.pk] != email.state:
                say(State(email.state).label.lower(), _named(documents[email.pk]))
                told[email.pk] = email.state
        if not any(_moves(email) for email in emails):
            return
        clock.wait(threading.Event(), LOOK)


def _moves(email: Email) -> bool:
    """Whether more will happen soon: not to what has ended, waits for a retry, or for a person."""
    if email.state == State.SENDING:
        return True
    return email.state == State.QUEUED and email.reason == Reason.NONE


def _line(entry: Queued) -> Line:
    document = entry.documents[0]
    if entry.email is None:
        said = entry.problem.detail if entry.problem else ""
        return Line(document.kind, document.number, "", "", "", (), "refused", said, None)
    email = Email.objects.get(pk=entry.email.pk)
    recipients = list(email.recipients.all())
    replies = list(dict.fromkeys(recipient.reply for recipient in recipients if recipient.reply))
    failed = (email.last_failure or {}).get("text", "") or email.reason_detail
    return Line(
        document_kind=document.kind,
        document_number=document.number,
        email_id=str(email.pk),
        message_id=email.message_id,
        sender=email.from_address,
        recipients=tuple(recipient.address for recipient in recipients),
        state=email.state,
        reply="; ".join(replies) or failed,
        milliseconds=_milliseconds(email),
    )


def _milliseconds(email: Email) -> int | None:
    if email.settled_at is None:
        return None
    return round((email.settled_at - email.accepted_at).total_seconds() * 1000)
