"""Add to Email Queue: seen before it is sent, and sent as it was seen."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from outtray.documents.models import Document, Party
from outtray.lib import clock
from outtray.outbox.models import Email
from outtray.outbox.states import Reason, State
from outtray.people.models import Membership
from tests.web.conftest import SignedIn
from tests.web.papers import imported, mailbox_of, queued_email


def test_the_page_says_who_gets_what_and_why(ben: Membership, signed_in: SignedIn) -> None:
    mailbox_of(ben)
    documents = imported(ben)

    page = _look(signed_in(ben), *documents.values()).content.decode()

    assert f"Send 6 emails from {ben.person.email}" in page
    assert "because a purchase order goes there first" in page
    assert f"Main Email of {documents['purchase_order'].party.name}" in page
    assert f"User Email of {ben.person.name}" in page
    assert not Email.objects.exists()


def test_the_preview_is_the_letter_in_a_frame_of_its_own(
    ben: Membership, signed_in: SignedIn
) -> None:
    mailbox_of(ben)
    invoice = imported(ben)["invoice"]

    frame = signed_in(ben).get(reverse("queue_letter"), {"ids": str(invoice.pk), "letter": "1"})

    assert invoice.number in frame.content.decode()
    assert frame.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_the_press_adds_emails_that_can_still_be_undone(
    ben: Membership, signed_in: SignedIn
) -> None:
    mailbox_of(ben)
    documents = imported(ben)
    client = signed_in(ben)

    answer = _press(client, documents["invoice"], documents["sales_order"])

    assert answer == reverse("queue")
    assert set(Email.objects.values_list("state", "reason")) == {(State.QUEUED, Reason.UNDO)}
    assert "2 emails" in client.get(reverse("queue")).content.decode()


def test_undo_cancels_all_of_them(ben: Membership, signed_in: SignedIn) -> None:
    mailbox_of(ben)
    documents = imported(ben)
    client = signed_in(ben)
    _press(client, documents["invoice"], documents["sales_order"])
    ids = [str(pk) for pk in Email.objects.values_list("pk", flat=True)]

    page = client.post(reverse("queue_undo"), {"ids": ids}, follow=True).content.decode()

    assert set(Email.objects.values_list("state", flat=True)) == {State.CANCELLED}
    assert "2 emails were taken back. Nothing was sent." in page


def test_pressing_twice_sends_once(ben: Membership, signed_in: SignedIn) -> None:
    mailbox_of(ben)
    invoice = imported(ben)["invoice"]
    client, key = signed_in(ben), str(uuid4())

    _press(client, invoice, key=key)
    _press(client, invoice, key=key)

    assert Email.objects.count() == 1


def test_what_was_already_sent_stays_out_unless_it_is_ticked(
    ben: Membership, signed_in: SignedIn
) -> None:
    mailbox_of(ben)
    invoice = imported(ben)["invoice"]
    queued_email(ben, invoice)
    client = signed_in(ben)

    page = _look(client, invoice).content.decode()
    _press(client, invoice)

    assert "1 already sent" in page
    assert "Nothing to send" in page
    assert Email.objects.count() == 1

    _press(client, invoice, again="on")

    assert Email.objects.count() == 2


def test_a_party_without_an_address_is_told_before(ben: Membership, signed_in: SignedIn) -> None:
    mailbox_of(ben)
    order = imported(ben)["purchase_order"]
    Party.objects.filter(pk=order.party_id).update(main_email="")
    Document.objects.filter(pk=order.pk).update(data={**order.data, "party": _without(order)})

    page = _look(signed_in(ben), order).content.decode()

    assert "1 cannot be sent" in page
    assert reverse("party", args=[order.party_id]) in page


def test_without_a_user_email_the_page_leads_to_its_set_up(
    ben: Membership, signed_in: SignedIn
) -> None:
    invoice = imported(ben)["invoice"]

    page = _look(signed_in(ben), invoice).content.decode()

    assert "You have no User Email yet" in page
    assert "Open User Email Setup" in page


def test_an_email_can_be_scheduled(ben: Membership, signed_in: SignedIn) -> None:
    mailbox_of(ben)
    invoice = imported(ben)["invoice"]
    tomorrow = clock.now() + timedelta(days=1)

    _press(signed_in(ben), invoice, timing="later", at=tomorrow.strftime("%Y-%m-%dT%H:%M"))

    email = Email.objects.get()
    assert email.reason == Reason.SCHEDULED
    assert abs(email.due_at - tomorrow) < timedelta(minutes=1)


def test_later_without_a_time_is_told_at_the_field(ben: Membership, signed_in: SignedIn) -> None:
    mailbox_of(ben)
    invoice = imported(ben)["invoice"]
    given = {"ids": str(invoice.pk), "sender": "usual", "timing": "later"}

    answer = signed_in(ben).post(reverse("add_to_queue"), given)

    assert answer.status_code == 422
    assert "Say when it is to be sent." in answer.content.decode()
    assert not Email.objects.exists()


def test_documents_and_mailboxes_of_others_are_not_there(
    ben: Membership, clara: Membership, anna: Membership, signed_in: SignedIn
) -> None:
    mailbox_of(ben)
    foreign = mailbox_of(anna)
    invoice = imported(ben)["invoice"]

    theirs = _look(signed_in(clara), invoice)
    with_annas = signed_in(ben).post(
        reverse("add_to_queue"),
        {"ids": str(invoice.pk), "sender": str(foreign.pk), "timing": "now"},
    )

    assert theirs.status_code == 302
    assert with_annas.status_code == 422
    assert not Email.objects.exists()


def _look(client: Client, *documents: Document):  # type: ignore[no-untyped-def] # the test client's own response
    ids = ",".join(str(document.pk) for document in documents)
    return client.get(reverse("add_to_queue"), {"ids": ids})


def _press(client: Client, *documents: Document, **wishes: str) -> str:
    """Press the button; where the answer leads."""
    ids = ",".join(str(document.pk) for document in documents)
    given = {"ids": ids, "sender": "usual", "timing": "now", **wishes}
    answer = client.post(reverse("add_to_queue"), given)
    return answer.headers.get("Location", "")


def _without(document: Document) -> dict[str, object]:
    party = document.data["party"]
    return {**party, "emails": dict.fromkeys(party["emails"], "")}
