"""A test mail: how a template looks in one's own mail program."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from outtray.compose.letter import Letter, compose
from outtray.compose.rules.recipients import Addressee
from outtray.compose.templates.choice import TemplateChoice
from outtray.compose.templates.index import KeptFile
from outtray.compose.templates.models import Template
from outtray.compose.templates.trial import real_trial
from outtray.compose.templates.try_texts import TypedTexts, compiled_texts
from outtray.lib.errors import Refused
from outtray.mail.address import Address, NamedAddress
from outtray.mailboxes.models import Mailbox
from outtray.outbox.accept import Terms, accept
from outtray.outbox.models import Email
from outtray.people.models import Membership


def send_test(
    membership: Membership,
    template: Template,
    typed: TypedTexts,
    *,
    document: UUID | None = None,
    at: datetime,
) -> Email:
    """Send these texts on a document to oneself, and to nobody else, as they are typed.

    The email belongs to no document, so none counts as sent. Raises Refused where the texts
    cannot be filled, or where there is no mailbox to send from.
    """
    mailbox = _mailbox(membership)
    trial = real_trial(membership, template.purpose, document)
    letter = compose(
        trial.in_language(typed.language),
        mailbox=mailbox,
        recipients=[_oneself(membership)],
        template=_choice(template, typed),
    )
    return accept(_marked(letter), mailbox=mailbox, terms=Terms(at=at, by=membership.person))


def _mailbox(membership: Membership) -> Mailbox:
    """One's own mailbox, else the company's default."""
    usable = Mailbox.objects.usable_by(membership).order_by("-whose", "-is_default", "name")
    found = usable.first()
    if found is None:
        raise Refused("no_sender", "Set up your User Email first: the test mail is sent by it.")
    return found


def _oneself(membership: Membership) -> Addressee:
    person = membership.person
    return Addressee("to", NamedAddress(person.name, Address.parse(person.email)), "Test mail")


def _choice(template: Template, typed: TypedTexts) -> TemplateChoice:
    files = tuple(
        KeptFile(each.filename, each.content_type, each.content, each.size, each.is_shown)
        for each in template.files.all()
    )
    return TemplateChoice(
        purpose=template.purpose,
        language=typed.language,
        reason="Test mail",
        name=template.name,
        texts=compiled_texts(typed),
        layout_id=template.layout_id,
        files=files,
    )


def _marked(letter: Letter) -> Letter:
    """Told apart from a real one by its subject."""
    files = tuple(replace(each, document=None) for each in letter.enclosures)
    return replace(letter, subject=f"Test: {letter.subject}", enclosures=files)
