from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any
from uuid import UUID, uuid4

import pytest

from outtray.documents.models import Document
from outtray.lib.clock import now
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email
from outtray.outbox.states import RecipientState, State
from outtray.people.models import Membership
from tests import builders
from tests.api.conftest import Answer, Program


def queue(program: Program, papers: list[Document], **wishes: Any) -> Answer:
    key = wishes.pop("key", None)
    body = {"documents": [str(paper.pk) for paper in papers], **wishes}
    return program.post("/emails", body, **({"Idempotency_Key": key} if key else {}))


def first_email(answer: Answer) -> str:
    assert answer.status == 201, answer.content
    return str(answer.json["items"][0]["email"]["id"])


def test_documents_become_emails(bens: Program, papers: list[Document], mailbox: Mailbox) -> None:
    answer = queue(bens, papers)

    assert answer.status == 201
    emails = [item["email"] for item in answer.json["items"]]
    assert len(emails) == len(papers)
    assert {email["state"] for email in emails} == {"queued"}
    assert {email["sender"] for email in emails} == {"ben@nordwind.example"}
    assert Email.objects.count() == len(papers)


def test_an_email_is_told_with_all_that_belongs_to_it(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    email_id = first_email(queue(bens, papers[:1]))

    told = bens.get(f"/emails/{email_id}").json

    assert told["document_ids"] == [str(papers[0].pk)]
    assert told["recipients"][0]["reason"]
    assert told["recipients"][0]["state"] == "waiting"
    assert told["enclosures"][0]["content_type"] == "application/pdf"
    assert told["events"][0]["code"] == "accepted"
    assert told["events"][0]["by"] == "Ben Behrens"
    assert told["waiting"]["code"] == "due"


def test_the_message_is_told_byte_for_byte(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    email_id = first_email(queue(bens, papers[:1]))

    answer = bens.get(f"/emails/{email_id}/message")

    message = message_from_bytes(answer.content)
    assert answer.headers["Content-Type"] == "message/rfc822"
    assert message["Message-ID"] == Email.objects.get().message_id


def test_the_same_key_and_body_answers_the_same_emails(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    first = queue(bens, papers[:2], key="order-4711")
    again = queue(bens, papers[:2], key="order-4711")

    ids = [item["email"]["id"] for item in first.json["items"]]
    assert [item["email"]["id"] for item in again.json["items"]] == ids
    assert again.status == first.status == 201
    assert Email.objects.count() == 2


def test_the_same_key_with_another_body_is_refused(
    bens: Program, annas: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    queue(bens, papers[:1], key="order-4711")

    other_body = queue(bens, papers[1:2], key="order-4711")
    other_person = queue(annas, papers[:1], key="order-4711")

    assert (other_body.status, other_body.code) == (422, "idempotency_key_reused")
    assert other_person.code == "idempotency_key_reused"
    assert Email.objects.count() == 1


def test_what_was_sent_already_asks_first(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    email_id = first_email(queue(bens, papers[:1]))

    refused = queue(bens, papers[:1])
    meant = queue(bens, papers[:1], again=True)

    assert (refused.status, refused.code) == (409, "already_sent")
    assert refused.json["email_id"] == email_id
    assert "or is on its way" in refused.json["detail"]
    assert meant.status == 201


def test_some_that_cannot_go_stop_no_others(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    queue(bens, papers[:1])

    mixed = queue(bens, papers[:2])
    none = queue(bens, papers[:2])

    assert mixed.status == 201
    assert [bool(item["email"]) for item in mixed.json["items"]].count(True) == 1
    assert (none.status, none.code) == (409, "already_sent")
    assert len(none.json["items"]) == 2


def test_a_scheduled_email_waits_for_its_time(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    later = (now() + timedelta(days=1)).replace(microsecond=0).isoformat()

    email = queue(bens, papers[:1], due_at=later).json["items"][0]["email"]

    assert email["waiting"]["code"] == "scheduled"
    assert datetime.fromisoformat(email["due_at"]) == datetime.fromisoformat(later)


def test_emails_can_be_held_from_the_beginning(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    first = queue(bens, papers[:1], hold=True, key="held")
    again = queue(bens, papers[:1], hold=True, key="held")

    assert first.json["items"][0]["email"]["state"] == "held"
    assert again.json["items"][0]["email"]["state"] == "held"


def test_an_email_is_held_released_and_cancelled(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    path = f"/emails/{first_email(queue(bens, papers[:1]))}"

    held = bens.post(f"{path}/hold", {"reason": "wait for the goods"}).json
    twice = bens.post(f"{path}/hold")
    released = bens.ask("DELETE", f"{path}/hold").json
    not_held = bens.ask("DELETE", f"{path}/hold")
    cancelled = bens.post(f"{path}/cancellation").json
    too_late = bens.post(f"{path}/cancellation")

    assert held["state"] == "held"
    assert "wait for the goods" in held["waiting"]["sentence"]
    assert (twice.status, twice.code) == (409, "too_late")
    assert released["state"] == "queued"
    assert (not_held.status, not_held.code) == (409, "not_held")
    assert cancelled["state"] == "cancelled"
    assert (too_late.status, too_late.code) == (409, "too_late")


def test_an_email_gets_another_time_or_goes_at_once(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    path = f"/emails/{first_email(queue(bens, papers[:1]))}"
    later = (now() + timedelta(days=1)).replace(microsecond=0).isoformat()

    scheduled = bens.ask("PUT", f"{path}/schedule", {"due_at": later}).json
    now_due = bens.post(f"{path}/dispatch").json

    assert scheduled["waiting"]["code"] == "scheduled"
    assert now_due["waiting"]["code"] == "due"


def test_a_failed_email_is_explained_and_tried_again(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    email_id = first_email(queue(bens, papers[:1]))
    failure = {
        "stage": "recipient", "scope": "recipient", "is_temporary": False, "source": "server",
        "text": "5.1.1 User unknown", "code": 550, "enhanced_code": "5.1.1", "trouble": "",
    }  # fmt: skip
    Email.objects.filter(pk=email_id).update(state=State.FAILED, last_failure=failure)
    Email.objects.get().recipients.update(state=RecipientState.FAILED, failure=failure)

    told = bens.get(f"/emails/{email_id}").json
    retried = bens.post(f"/emails/{email_id}/retry").json

    assert told["explanation"]["cause"] == "mailbox_not_found"
    assert told["recipients"][0]["explanation"]["steps"]
    assert retried["state"] == "queued"


@pytest.mark.parametrize(("noun", "status"), [("arrival", 200), ("resend", 201)])
def test_a_person_decides_about_an_unknown_outcome(
    bens: Program, papers: list[Document], mailbox: Mailbox, noun: str, status: int
) -> None:
    email_id = first_email(queue(bens, papers[:1]))
    Email.objects.filter(pk=email_id).update(state=State.UNKNOWN)
    Email.objects.get().recipients.update(state=RecipientState.UNKNOWN)

    answer = bens.post(f"/emails/{email_id}/{noun}")

    assert answer.status == status
    assert (answer.json["id"] == email_id) == (noun == "arrival")


def test_a_list_is_narrowed_by_state_mailbox_document_and_text(
    bens: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    path = f"/emails/{first_email(queue(bens, papers))}"
    bens.post(f"{path}/hold")

    held = bens.get("/emails?state=held").json["items"]
    both = bens.get("/emails?state=held&state=queued&limit=200").json["items"]
    by_document = bens.get(f"/emails?document={papers[0].pk}").json["items"]
    by_mailbox = bens.get(f"/emails?mailbox={uuid4()}").json["items"]

    assert [email["state"] for email in held] == ["held"]
    assert len(both) == len(papers)
    assert [email["document_ids"] for email in by_document] == [[str(papers[0].pk)]]
    assert by_mailbox == []
    assert bens.get("/emails?state=lost").code == "invalid"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "documents"),
        ({"documents": []}, "documents"),
        ({"documents": ["seven"]}, "documents[0]"),
        ({"documents": [str(uuid4())]}, "documents[0]"),
        ({"documents": [str(uuid4())] * 101}, "documents"),
        ({"documents": [str(uuid4())], "due_at": "tomorrow"}, "due_at"),
        ({"documents": [str(uuid4())], "lane": "fast"}, "lane"),
    ],
)
def test_what_is_wrong_with_a_request_is_named(
    bens: Program, body: dict[str, Any], field: str
) -> None:
    answer = bens.post("/emails", body)

    assert answer.status == 422
    assert answer.code
    assert answer.json["errors"][0]["field"] == field


def test_nobody_sends_from_a_mailbox_that_is_not_his(
    annas: Program, claras: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    answer = queue(annas, papers[:1], mailbox=str(mailbox.pk))

    assert (answer.status, answer.code) == (422, "unknown_mailbox")
    assert queue(claras, papers[:1]).code == "unknown_document"
    assert not Email.objects.exists()


def test_without_a_mailbox_the_problem_says_so(bens: Program, papers: list[Document]) -> None:
    invoice = next(paper for paper in papers if paper.kind == "invoice")

    assert queue(bens, [invoice]).code == "no_sender"


def emails_of(membership: Membership, at: datetime) -> UUID:
    mailbox = builders.user_email(membership, at=at)
    return builders.queued(mailbox, at=at).pk


def test_clara_and_ben_see_no_emails_of_others_and_change_none(
    anna: Membership, bens: Program, claras: Program, at: datetime
) -> None:
    email_id = emails_of(anna, at)
    asked = [
        ("GET", "", None),
        ("GET", "/message", None),
        ("POST", "/hold", None),
        ("DELETE", "/hold", None),
        ("POST", "/cancellation", None),
        ("POST", "/retry", None),
        ("POST", "/dispatch", None),
        ("PUT", "/schedule", {"due_at": now().isoformat()}),
        ("POST", "/arrival", None),
        ("POST", "/resend", None),
    ]

    for stranger in (bens, claras):
        assert stranger.get("/emails").json["items"] == []
        for method, noun, body in asked:
            answer = stranger.ask(method, f"/emails/{email_id}{noun}", body)
            assert (answer.status, answer.code) == (404, "not_found"), noun
    assert Email.objects.get().state == State.QUEUED


def test_the_proof_of_sending_is_read_as_a_pdf(
    bens: Program, mailbox: Mailbox, at: datetime
) -> None:
    email = builders.queued(mailbox, at=at)

    answer = bens.get(f"/emails/{email.pk}/proof")

    assert answer.status == 200
    assert answer.content.startswith(b"%PDF")


def test_a_failed_email_is_sent_to_a_corrected_address(
    bens: Program, mailbox: Mailbox, at: datetime
) -> None:
    email = builders.queued(mailbox, at=at)
    early = bens.post(f"/emails/{email.pk}/correction", _corrected("neu@kunde.example"))
    Email.objects.filter(pk=email.pk).update(state="failed")

    wrong = bens.post(f"/emails/{email.pk}/correction", _corrected("nobody"))
    answer = bens.post(f"/emails/{email.pk}/correction", _corrected("neu@kunde.example"))

    assert (early.json["code"], wrong.json["code"]) == ("still_under_way", "wrong_address")
    assert answer.status == 201
    assert [each["address"] for each in answer.json["recipients"]] == ["neu@kunde.example"]
    assert Email.objects.get(pk=answer.json["id"]).resend_of_id == email.pk


def _corrected(address: str) -> dict[str, object]:
    return {"recipients": [{"address": builders.CUSTOMER, "corrected": address}]}
