from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta

import pytest
from django.test import Client

from outtray.api import rates
from outtray.api.problems import refused_problem
from outtray.documents.einvoice.sentences import EInvoiceProblem
from outtray.lib.clock import now
from outtray.lib.errors import Refused
from outtray.lib.rate import Rate, TooManyRequests
from outtray.people.keys import revoke_key
from outtray.people.models import ApiKey
from tests.api.conftest import Answer, Program


def stranger(path: str, **headers: str) -> Answer:
    return Answer(Client().get(f"/api/v1{path}", headers=headers))


def test_a_key_says_whom_it_acts_for(bens: Program) -> None:
    told = bens.get("/me").json

    assert (told["email"], told["role"]) == ("ben@nordwind.example", "user")
    assert told["company_name"] == "Nordwind Handels GmbH"


@pytest.mark.parametrize("path", ["/me", "/documents", "/emails", "/mailboxes", "/parties"])
def test_without_a_key_nothing_is_told(db: None, path: str) -> None:
    answers = [
        stranger(path),
        stranger(path, Authorization="Bearer outtray_wrong"),
        stranger(path, Authorization="Basic YTpi"),
    ]

    assert [answer.status for answer in answers] == [401, 401, 401]
    assert {answer.code for answer in answers} == {"not_signed_in"}
    assert "Bearer" in answers[0].headers["WWW-Authenticate"]


def test_a_signed_in_browser_is_no_key(bens: Program) -> None:
    client = Client()
    client.force_login(bens.membership.person)

    assert Answer(client.get("/api/v1/me")).code == "not_signed_in"


def test_a_revoked_key_ends_at_once(bens: Program, at: datetime) -> None:
    revoke_key(bens.membership, ApiKey.objects.get(), at=at)

    assert bens.get("/me").code == "not_signed_in"


def spent(rate: Rate, caller: str, burst: int) -> None:
    """All of a caller's requests are used up, until after the test."""
    for _ in range(burst):
        rate.take(caller, at=now() + timedelta(hours=1))


def test_a_key_that_asks_too_often_is_told_when_to_come_back(bens: Program, annas: Program) -> None:
    spent(rates.KEYS, str(bens.membership.pk), rates.KEY_BURST)

    answer = bens.get("/me")

    assert (answer.status, answer.code) == (429, "too_many_requests")
    assert int(answer.headers["Retry-After"]) >= 1
    assert annas.get("/me").status == 200


def test_guessing_keys_is_slowed_down(db: None) -> None:
    guess = "Bearer outtray_guess"
    first = stranger("/me", Authorization=guess)
    spent(rates.STRANGERS, "127.0.0.1", rates.STRANGER_BURST)

    last = stranger("/me", Authorization=guess)

    assert (first.status, last.status) == (401, 429)


def test_a_bucket_fills_again_with_time(at: datetime) -> None:
    rate = Rate(2, per_second=0.5)
    rate.take("ben", at=at)
    rate.take("ben", at=at)

    with pytest.raises(TooManyRequests) as busy:
        rate.take("ben", at=at)

    assert busy.value.seconds == 2
    rate.take("anna", at=at)
    rate.take("ben", at=at + timedelta(seconds=2))
    with pytest.raises(TooManyRequests):
        rate.take("ben", at=at + timedelta(seconds=2))


def test_what_is_not_there_is_a_problem_too(bens: Program) -> None:
    assert bens.get("/nothing").code == "not_found"
    assert bens.get("/emails/7").code == "not_found"
    wrong_method = bens.ask("PATCH", "/documents")
    assert (wrong_method.status, wrong_method.code) == (405, "method_not_allowed")
    assert "GET" in wrong_method.headers["Allow"]


def test_a_body_that_is_not_json_is_a_problem(bens: Program) -> None:
    assert bens.ask("POST", "/emails", raw=b"{not json").code == "bad_request"


def test_a_request_in_chunks_is_not_taken_for_an_empty_one(bens: Program) -> None:
    headers = {"Authorization": f"Bearer {bens.secret.value}", "Transfer-Encoding": "chunked"}

    answer = Answer(Client().post("/api/v1/documents", headers=headers))

    assert (answer.status, answer.code) == (411, "length_required")


def test_a_request_that_is_too_large_is_refused_unread(bens: Program) -> None:
    large = {"CONTENT_LENGTH": str(200 * 1024 * 1024)}
    headers = {"Authorization": f"Bearer {bens.secret.value}"}

    answer = Answer(Client().post("/api/v1/documents", headers=headers, **large))  # type: ignore[arg-type] # WSGI's own

    assert (answer.status, answer.code) == (413, "too_large")


def test_the_docs_page_and_the_description_need_no_key_and_no_other_host(db: None) -> None:
    page = Client().get("/api/v1/docs")
    description = Client().get("/api/v1/openapi.json")

    assert page.status_code == 200
    text = page.content.decode()
    assert "create_emails" in text
    assert "<script" not in text
    assert "style=" not in text
    assert 'href="http' not in text
    assert description.json()["openapi"].startswith("3.1")


def test_a_refusal_tells_its_facts_whatever_values_they_are() -> None:
    broken = EInvoiceProblem("BR-10", "The customer's address is missing.", "party.address")

    answer = refused_problem(Refused("einvoice_wrong", "It breaks a rule.", problems=(broken,)))

    assert answer.status_code == 422
    assert json.loads(answer.content)["problems"] == [asdict(broken)]
