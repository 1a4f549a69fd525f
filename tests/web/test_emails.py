"""One email: its history in words, why it failed, and the message as it was sent."""

from __future__ import annotations

import threading

from django.urls import reverse

from outtray.automations.notices import tell
from outtray.compose.templates.keep import TemplateWish, delete_template, make_template
from outtray.compose.templates.models import Template
from outtray.compose.templates.write import write_template
from outtray.delivery.once import deliver_now
from outtray.lib import clock
from outtray.lib.clock import SYSTEM
from outtray.mailboxes.health import pause
from outtray.outbox.add_to_queue import Wishes, add_to_queue
from outtray.outbox.models import Email
from outtray.outbox.states import State
from outtray.people.models import Membership
from tests.builders import company_email, queued, reload
from tests.servers.scripted import ScriptedServer
from tests.web.conftest import SignedIn
from tests.web.papers import imported, mailbox_of, queued_email


def test_a_sent_email_tells_its_history_and_the_servers_answer(
    ben: Membership, signed_in: SignedIn, smtp_server: ScriptedServer
) -> None:
    email = _delivered(ben, smtp_server)

    page = signed_in(ben).get(reverse("email", args=[email.pk])).content.decode()

    assert email.state == State.SENT
    for sentence in ("Added to the Email Queue", "Sent: the server accepted it", "Attempt 1"):
        assert sentence in page


def test_a_failed_email_says_why_and_what_to_do(
    ben: Membership, signed_in: SignedIn, smtp_server: ScriptedServer
) -> None:
    smtp_server.answers("RCPT", "550 5.1.1 User unknown")
    email = _delivered(ben, smtp_server)

    answer = signed_in(ben).get(reverse("email", args=[email.pk]))

    explanation = answer.context["explanation"]
    assert explanation.headline in answer.content.decode()
    assert explanation.steps[0] in answer.content.decode()
    assert "550 5.1.1 User unknown" in answer.content.decode()


def test_an_unknown_email_is_settled_by_a_person(
    ben: Membership, signed_in: SignedIn, smtp_server: ScriptedServer
) -> None:
    smtp_server.drops_after("CONTENT")
    email = _delivered(ben, smtp_server)
    client = signed_in(ben)

    page = client.get(reverse("email", args=[email.pk])).content.decode()
    client.post(reverse("arrival", args=[email.pk]))

    assert "It arrived" in page
    assert reload(email).state == State.SENT


def test_an_unknown_email_is_sent_again_as_a_new_one(
    ben: Membership, signed_in: SignedIn, smtp_server: ScriptedServer
) -> None:
    smtp_server.drops_after("CONTENT")
    email = _delivered(ben, smtp_server)

    answer = signed_in(ben).post(reverse("resend", args=[email.pk]))

    again = Email.objects.get(resend_of=email)
    assert answer.headers["Location"] == reverse("email", args=[again.pk])
    assert reload(email).state == State.FAILED
    assert again.state == State.QUEUED


def test_a_waiting_email_is_given_another_time_in_the_persons_own_time_zone(
    ben: Membership, signed_in: SignedIn
) -> None:
    ben.person.timezone = "Europe/Berlin"
    ben.person.save()
    mailbox_of(ben)
    email = queued_email(ben, imported(ben)["invoice"])
    client = signed_in(ben)

    page = client.get(reverse("email", args=[email.pk])).content.decode()
    client.post(reverse("schedule", args=[email.pk]), {"at": "2027-01-04T09:00"})
    client.post(reverse("schedule", args=[email.pk]), {"at": "on Monday"})

    assert reverse("schedule", args=[email.pk]) in page
    assert reload(email).due_at.isoformat() == "2027-01-04T08:00:00+00:00"


def test_the_message_is_shown_as_it_was_frozen(ben: Membership, signed_in: SignedIn) -> None:
    mailbox_of(ben)
    invoice = imported(ben)["invoice"]
    email = queued_email(ben, invoice)
    client = signed_in(ben)

    letter = client.get(reverse("email_letter", args=[email.pk]))
    text = client.get(reverse("email", args=[email.pk]), {"show": "text"}).content.decode()
    source = client.get(reverse("email_source", args=[email.pk]))
    file = client.get(reverse("email_attachment", args=[email.pk, 1]))

    assert invoice.number in letter.content.decode()
    assert letter.headers["Content-Security-Policy"] == (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "frame-ancestors 'self'"
    )
    assert invoice.number in text
    assert email.message_id.encode() in source.content
    assert source.headers["Content-Disposition"].startswith("attachment")
    assert file.content.startswith(b"%PDF")
    assert client.get(reverse("email_attachment", args=[email.pk, 2])).status_code == 404
    assert client.get(reverse("email_attachment", args=[email.pk, 0])).status_code == 404


def test_clara_reads_nothing_of_another_company(
    ben: Membership, clara: Membership, signed_in: SignedIn
) -> None:
    email = queued(mailbox_of(ben), at=SYSTEM.now())
    client = signed_in(clara)

    for name in ("email", "email_status", "email_letter", "email_source"):
        assert client.get(reverse(name, args=[email.pk])).status_code == 404
    assert client.get(reverse("email_attachment", args=[email.pk, 1])).status_code == 404


def test_the_status_is_silent_until_something_changes(ben: Membership, signed_in: SignedIn) -> None:
    email = queued(mailbox_of(ben), at=SYSTEM.now())
    client = signed_in(ben)
    seen = client.get(reverse("email", args=[email.pk])).context["seen"]

    quiet = client.get(reverse("email_status", args=[email.pk]), {"seen": seen})
    client.post(reverse("cancellation", args=[email.pk]))
    changed = client.get(reverse("email_status", args=[email.pk]), {"seen": seen})

    assert quiet.status_code == 204
    assert "Cancelled" in changed.content.decode()


def _delivered(membership: Membership, server: ScriptedServer) -> Email:
    email = queued(mailbox_of(membership, server.port), at=SYSTEM.now())
    deliver_now([email.pk], clock=SYSTEM, stop=threading.Event())
    return reload(email)


def test_an_email_of_a_paused_mailbox_says_what_stops_it(
    ben: Membership, signed_in: SignedIn, smtp_server: ScriptedServer
) -> None:
    smtp_server.answers("AUTH", "535 5.7.8 Wrong password")
    email = _delivered(ben, smtp_server)

    answer = signed_in(ben).get(reverse("email", args=[email.pk]))

    assert email.state == State.QUEUED
    assert email.mailbox.health == "paused"
    assert answer.context["explanation"].headline in answer.content.decode()


def test_a_failed_email_leads_to_another_address(
    ben: Membership, signed_in: SignedIn, smtp_server: ScriptedServer
) -> None:
    mailbox_of(ben, smtp_server.port)
    smtp_server.answers("RCPT", "550 5.1.1 User unknown")
    invoice = imported(ben)["invoice"]
    added = add_to_queue([invoice], membership=ben, wishes=Wishes(), at=SYSTEM.now())
    assert added[0].email
    deliver_now([added[0].email.pk], clock=SYSTEM, stop=threading.Event())

    page = signed_in(ben).get(reverse("email", args=[added[0].email.pk])).content.decode()

    assert reverse("correction", args=[added[0].email.pk]) in page
    assert reverse("email_draft", args=[added[0].email.pk]) in page


def test_the_notice_of_a_pause_is_an_email_like_any_other(
    anna: Membership, ben: Membership, signed_in: SignedIn
) -> None:
    paused = mailbox_of(ben)
    company_email(anna.company, at=SYSTEM.now())
    pause(paused.pk, cause="password", failure={}, until=None, at=SYSTEM.now())
    tell(paused.pk, at=SYSTEM.now())
    notice = Email.objects.get()
    browser = signed_in(anna)

    listed = browser.get(reverse("queue")).content.decode()
    page = browser.get(reverse("email", args=[notice.pk]), {"show": "text"}).content.decode()

    assert "Outtray cannot send from ben@nordwind.example" in listed
    assert "Emails waiting: 0." in page


def test_an_email_names_the_version_of_the_template_that_wrote_it(
    ben: Membership, signed_in: SignedIn
) -> None:
    invoice = imported(ben)["invoice"]
    mailbox_of(ben)
    template = _template(ben, invoice.language)
    place = reverse("email", args=[queued_email(ben, invoice).pk])

    page = signed_in(ben).get(place).content.decode()
    delete_template(ben, template, at=clock.now())
    without = signed_in(ben).get(place).content.decode()

    assert f'<a href="{reverse("template", args=[template.pk])}">House</a>' in page
    assert "version 1" in page
    assert "<dd>House " in without


def _template(membership: Membership, language: str) -> Template:
    at = clock.now()
    wish = TemplateWish("House", is_default=True)
    template = make_template(membership, level="user", purpose="invoice", wish=wish, at=at)
    mjml = "<mj-text>Hello</mj-text>"
    write_template(
        membership, template, language=language, subject="Yours", text="", mjml=mjml, at=at
    )
    return template
