"""An email as a draft once more."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.conf import settings

from outtray.compose.by_hand.begin import ByHand, letter_by_hand
from outtray.compose.rules.recipients import Addressee
from outtray.mail.address import Address, NamedAddress
from outtray.mail.reading import read
from outtray.outbox.accept import Terms, accept
from outtray.outbox.draft_again import draft_again
from outtray.outbox.models import Email
from outtray.people.models import Membership
from tests import builders
from tests.web.papers import imported

WRITTEN = (
    "<div>Dear <strong>Lou</strong>,<br><br>two things:</div><ul><li>one</li><li>two</li></ul>"
)
TO = (Addressee("to", NamedAddress("", Address.parse(builders.CUSTOMER)), "Entered by hand"),)


def sent(ben: Membership, html: str | None, *, at: datetime, about: bool) -> Email:
    documents = [imported(ben)["invoice"]] if about else []
    mailbox = builders.user_email(ben, at=at)
    wanted = ByHand(TO, subject="Hello", html=html)
    letter = letter_by_hand(documents, wanted, mailbox=mailbox, membership=ben)
    return accept(letter, mailbox=mailbox, terms=Terms(at=at, by=ben.person))


@pytest.mark.parametrize("about", [True, False], ids=["with a document", "free"])
def test_what_a_person_wrote_keeps_its_formatting(
    ben: Membership, at: datetime, about: bool
) -> None:
    email = sent(ben, WRITTEN, at=at, about=about)
    ben.company.name, ben.company.colour = "Another name", "#aa0000"
    ben.company.save()

    draft = draft_again(email, membership=ben, at=at)

    assert draft.html == WRITTEN


def test_a_templates_words_come_back_as_the_editor_begins_with_them(
    ben: Membership, at: datetime
) -> None:
    email = sent(ben, None, at=at, about=True)

    draft = draft_again(email, membership=ben, at=at)

    assert draft.html.startswith("<div>")
    assert "<table" not in draft.html
    assert "style" not in draft.html


def test_html_that_says_something_else_than_the_text_is_not_taken_over(
    ben: Membership, at: datetime
) -> None:
    email = sent(ben, WRITTEN, at=at, about=False)
    content = settings.BLOBS.get(email.message)
    assert "two things" in read(content).text
    email.message = settings.BLOBS.put(content.replace(b"two things", b"no thing at all", 1))

    draft = draft_again(email, membership=ben, at=at)

    assert "<strong>" not in draft.html
