"""A letter that a person writes: with one document, with several of one party, or with none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from outtray.compose.attachments.check import check_files
from outtray.compose.attachments.letter_file import LetterFile
from outtray.compose.facts import one_line
from outtray.compose.filling.editing import as_text, sanitised
from outtray.compose.letter import (
    Letter,
    compose,
    free_name,
    reply_to_of,
    sender_of,
    subject_line,
    with_footer,
)
from outtray.compose.logo import CID, logo_of
from outtray.compose.rules.layouts import layout_for
from outtray.compose.rules.recipients import Addressee, without_duplicates
from outtray.compose.templates.choice import TemplateChoice, language_of, template_for
from outtray.compose.templates.shipped import fill_edited
from outtray.documents.models import Document
from outtray.documents.pdf.colour import on_paper
from outtray.documents.pdf.look import Look
from outtray.documents.wording import shared_words
from outtray.lib.errors import Refused
from outtray.mail.address import NamedAddress
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Company, Membership

MAX_DOCUMENTS = 20


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person wrote and chose. Nothing of it is checked yet.

    Without `html` the words are the template's. `party_name` is shown in the Email Queue.
    """

    recipients: Sequence[Addressee]
    subject: str | None = None
    html: str | None = None
    reply_to: NamedAddress | None = None
    files: Sequence[LetterFile] = ()
    language: str | None = None
    template: UUID | None = None
    layout: UUID | None = None
    party_name: str = ""


def letter_by_hand(
    documents: Sequence[Document], wanted: ByHand, *, mailbox: Mailbox, membership: Membership
) -> Letter:
    """The letter as it was written, with all its files.

    Raises Refused: "several_parties" for documents of more than one, "no_subject", and for files
    that cannot go.
    """
    require_one_party(documents)
    check_files(wanted.files)
    if documents:
        letter = _about(documents, wanted, mailbox, membership)
    else:
        letter = _free_letter(wanted, mailbox, membership.company)
    return replace(
        letter,
        reply_to=wanted.reply_to or letter.reply_to,
        enclosures=(*letter.enclosures, *_named_apart(letter.enclosures, wanted.files)),
    )


def require_one_party(documents: Sequence[Document]) -> None:
    """Raises Refused where one letter would show a party the papers of another."""
    if len(documents) > MAX_DOCUMENTS:
        raise Refused(
            "too_many_documents", f"One letter can have at most {MAX_DOCUMENTS} documents."
        )
    parties = {document.party_id: document.party.name for document in documents}
    if len(parties) > 1:
        raise Refused(
            "several_parties",
            f"The documents belong to {' and '.join(sorted(parties.values()))}. One letter goes "
            "to one of them; use Add to Email Queue for all.",
        )


def words_for(
    documents: Sequence[Document],
    *,
    mailbox: Mailbox,
    membership: Membership,
    template: UUID | None = None,
    language: str | None = None,
) -> tuple[Letter, TemplateChoice]:
    """What the template says, for a person to change, and which template that is."""
    choice = template_for(documents, membership=membership, language=language, wanted=template)
    return compose(documents, mailbox=mailbox, recipients=(), template=choice), choice


def _about(
    documents: Sequence[Document], wanted: ByHand, mailbox: Mailbox, membership: Membership
) -> Letter:
    choice = template_for(
        documents, membership=membership, language=wanted.language, wanted=wanted.template
    )
    return compose(
        documents,
        mailbox=mailbox,
        recipients=without_duplicates(list(wanted.recipients)),
        template=choice,
        subject=wanted.subject,
        html=wanted.html,
        look=_look(documents[0], wanted.layout),
    )


def _look(document: Document, layout: UUID | None) -> Look | None:
    """How the documents look, where somebody chose it; else each looks as is settled."""
    return layout_for(document, wanted=layout).look if layout else None


def _free_letter(wanted: ByHand, mailbox: Mailbox, company: Company) -> Letter:
    """Without a document: the company's own frame around what the person wrote."""
    sender, spoken = sender_of(mailbox, company), language_of(wanted.language or company.language)
    subject, logo = subject_line(wanted.subject or ""), logo_of(company)
    facts: dict[str, object] = {
        "preview": "",
        "company": {
            "name": one_line(company.name),
            "phone": one_line(company.phone),
            "colour": on_paper(company.colour),
            "legal": [line for line in _legal(company, spoken) if line],
        },
        "sender": {"name": sender.name},
        "logo": {"cid": CID if logo else "", "height": str(logo.height) if logo else "0"},
    }
    body = sanitised(wanted.html or "")
    text = as_text(body)
    return Letter(
        sender=sender,
        reply_to=reply_to_of(mailbox),
        recipients=without_duplicates(list(wanted.recipients)),
        subject=subject,
        text=with_footer(text, facts),
        html=fill_edited(spoken, facts, subject=subject, html=body),
        inline=(logo.image,) if logo else (),
        enclosures=(),
        party_name=one_line(wanted.party_name)[:200],
        body=text,
    )


def _legal(company: Company, language: str) -> tuple[str, str]:
    """Who writes: what a business letter has to say of the company."""
    place = " ".join(part for part in (company.postcode, company.city) if part)
    vat_id = company.vat_id and f"{shared_words(language)['footer.vat_id']} {company.vat_id}"
    return (
        _dotted(company.name, company.street, place),
        _dotted(company.registration, vat_id),
    )


def _dotted(*parts: str) -> str:
    return " · ".join(one_line(part) for part in parts if part)


def _named_apart(before: Sequence[LetterFile], files: Sequence[LetterFile]) -> Iterator[LetterFile]:
    """Two files of one name would be taken for one by some mail programs."""
    taken = {file.filename.casefold() for file in before}
    for file in files:
        yield replace(file, filename=free_name(file.filename, taken))
