"""The letter: everything that will be sent, while it can still be edited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from uuid import UUID

from outtray.compose.attachments.letter_file import LetterFile
from outtray.compose.facts import facts_for, one_line
from outtray.compose.filling.editing import as_text, sanitised
from outtray.compose.logo import Logo, logo_of
from outtray.compose.rules.company_rules import Rules
from outtray.compose.rules.layouts import look_for
from outtray.compose.rules.recipients import Addressee, recipients_for
from outtray.compose.templates.choice import TemplateChoice, template_for
from outtray.compose.templates.shipped import Filled, fill_edited
from outtray.compose.templates.written import content_of, fill_chosen, shown_in
from outtray.documents.einvoice.settled import EInvoices
from outtray.documents.files import DocumentFile, files_for
from outtray.documents.models import Document
from outtray.documents.pdf.look import Look
from outtray.lib.errors import Refused
from outtray.mail.address import (
    Address,
    AddressError,
    NamedAddress,
    has_control_character,
    is_invisible,
)
from outtray.mail.mime import InlineImage
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Company

MAX_SUBJECT = 500


@dataclass(frozen=True, slots=True)
class Letter:
    """Composed and complete. `headers` are extra ones, such as Auto-Submitted.

    `body` is the plain text without the footer: what a person is given to edit.
    `template_version` is the version of a template whose words it has, if not built-in ones.
    """

    sender: NamedAddress
    reply_to: NamedAddress | None
    recipients: tuple[Addressee, ...]
    subject: str
    text: str
    html: str
    inline: tuple[InlineImage, ...]
    enclosures: tuple[LetterFile, ...]
    party_name: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    template_version: UUID | None = None


def compose(
    documents: Sequence[Document],
    *,
    mailbox: Mailbox,
    recipients: Sequence[Addressee] | None = None,
    template: TemplateChoice | None = None,
    subject: str | None = None,
    html: str | None = None,
    look: Look | None = None,
    e_invoices: EInvoices | None = None,
) -> Letter:
    """One letter with all these documents, in this look or else each in its own.

    Each is a PDF and, where one is settled or wished for its kind, an e-invoice in or beside
    it. With `look`, `recipients`, `template` and `e_invoices` no database is asked.

    What is not given comes from the documents and their template; a template that is not
    given is the one that is settled for everybody. `html` is what a person wrote instead of the
    template's words; it is sanitised and gets its plain twin. Raises Refused where something is
    missing or wrong.
    """
    assert documents, "a letter has a document"
    template = template or template_for(documents)
    sender, logo = sender_of(mailbox, documents[0].company), logo_of(documents[0].company)
    facts = facts_for(
        documents,
        sender_name=sender.name,
        language=template.language,
        logo=logo,
        with_lines=template.texts is not None,
    )
    said = _said(template, facts, subject=subject, html=html)
    return Letter(
        sender=sender,
        reply_to=reply_to_of(mailbox),
        recipients=_recipients(documents, template) if recipients is None else tuple(recipients),
        subject=said.subject,
        text=with_footer(said.text, facts),
        html=said.html,
        inline=(*_inline(logo), *shown_in(said.html, template)),
        enclosures=_enclosures(documents, template, look=look, e_invoices=e_invoices),
        party_name=one_line(documents[0].party.name),
        body=said.text,
        template_version=template.version_id,
    )


def sender_of(mailbox: Mailbox, company: Company) -> NamedAddress:
    """Who writes, as the letter's From says it."""
    owner = mailbox.owner.name if mailbox.owner else ""
    name = one_line(mailbox.display_name or owner or company.name)
    return NamedAddress(name, _mailbox_address(mailbox.address, "address", mailbox))


def reply_to_of(mailbox: Mailbox) -> NamedAddress | None:
    """Where answers go, if not to the mailbox itself."""
    if not mailbox.reply_to:
        return None
    return NamedAddress("", _mailbox_address(mailbox.reply_to, "reply_to", mailbox))


def _mailbox_address(text: str, field: str, mailbox: Mailbox) -> Address:
    try:
        return Address.parse(text)
    except AddressError as wrong:
        raise Refused("wrong_address", f"In {mailbox.name}: {wrong}.", field=field) from wrong


def _recipients(documents: Sequence[Document], template: TemplateChoice) -> tuple[Addressee, ...]:
    """The same for all: a document never goes to whom only another one belongs."""
    first, *others = (recipients_for(each, template=template) for each in documents)
    wanted = {each.address.address.key for each in first}
    for document, recipients in zip(documents[1:], others, strict=True):
        if {each.address.address.key for each in recipients} != wanted:
            raise Refused(
                "different_recipients",
                f"{document.number} goes to other recipients than {documents[0].number}; "
                "they cannot be sent in one email.",
            )
    return first


def subject_line(given: str) -> str:
    """The subject as one line; a line break becomes a blank.

    Raises Refused("no_subject", "subject_too_long", "bad_text").
    """
    if has_control_character(" ".join(given.split())):
        raise Refused(
            "bad_text",
            "The subject must not hold control characters, nor signs that turn its direction.",
            field="subject",
        )
    subject = one_line(given)
    if is_invisible(subject):
        raise Refused("no_subject", "The email needs a subject.", field="subject")
    if len(subject) > MAX_SUBJECT:
        raise Refused(
            "subject_too_long", f"A subject has {MAX_SUBJECT} characters at most.", field="subject"
        )
    return subject


def _said(
    template: TemplateChoice, facts: dict[str, object], *, subject: str | None, html: str | None
) -> Filled:
    """The template's words, or instead of them those that a person wrote."""
    filled = fill_chosen(template, facts)
    wanted = subject_line(one_line(filled.subject) if subject is None else subject)
    if html is None:
        return replace(filled, subject=wanted)
    body = sanitised(html)
    edited = fill_edited(template.language, facts, subject=wanted, html=body)
    return Filled(wanted, as_text(body), edited)


def with_footer(body: str, facts: dict[str, object]) -> str:
    """The plain text with what every letter of the company has at its end."""
    return body + _footer(facts)


def _footer(facts: dict[str, object]) -> str:
    """RFC 3676 §4.3: what stands below dash, dash, blank is not part of the letter."""
    company = facts["company"]
    assert isinstance(company, dict)
    return "".join(["\n-- \n", *(f"{line}\n" for line in company["legal"])])


def _inline(logo: Logo | None) -> tuple[InlineImage, ...]:
    return (logo.image,) if logo else ()


def _enclosures(
    documents: Sequence[Document],
    template: TemplateChoice,
    *,
    look: Look | None,
    e_invoices: EInvoices | None,
) -> tuple[LetterFile, ...]:
    """The documents, and after them what the template always encloses."""
    taken: set[str] = set()
    looks = [look] * len(documents) if look else _looks(documents, template)
    settled = e_invoices or EInvoices.of(documents[0].company)
    papers = [
        paper
        for document, worn in zip(documents, looks, strict=True)
        for paper in _papers(document, worn, settled, taken)
    ]
    kept = [each for each in template.files if not each.is_shown]
    return (
        *papers,
        *(
            LetterFile(free_name(each.filename, taken), each.content_type, content_of(each))
            for each in kept
        ),
    )


def _looks(documents: Sequence[Document], template: TemplateChoice) -> list[Look]:
    rules = Rules.of(documents[0].company)
    return [look_for(document, template=template, rules=rules) for document in documents]


def _papers(
    document: Document, look: Look, settled: EInvoices, taken: set[str]
) -> Iterator[LetterFile]:
    """The PDF, which shows the document, and behind it the file of its e-invoice, if it has one."""
    wish = settled.wish_for(document.kind)
    pdf, *beside = files_for(document, look=look, e_invoice=wish).files
    yield _letter_file(pdf, taken, document)
    for file in beside:
        yield _letter_file(file, taken, None)


def _letter_file(file: DocumentFile, taken: set[str], shown: Document | None) -> LetterFile:
    return LetterFile(free_name(file.filename, taken), file.content_type, file.content, shown)


def free_name(wanted: str, taken: set[str]) -> str:
    """The filename, counted on where the letter has one of that name."""
    path, filename, count = PurePath(wanted), wanted, 2
    while filename.casefold() in taken:
        filename, count = f"{path.stem}-{count}{path.suffix}", count + 1
    taken.add(filename.casefold())
    return filename
