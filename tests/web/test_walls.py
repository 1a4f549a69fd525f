"""Every address of pages and API, tried by Clara with Nordwind's ids, and by a stranger.

A new URL fails here until it has its line in `walls.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from outtray.api import rates
from outtray.compose.attachments.letter_file import LetterFile
from outtray.compose.by_hand.drafts import Begun, attach_file, keep
from outtray.compose.models import DocumentDefault, Draft, DraftFile, PartyDefault
from outtray.compose.templates.files import keep_file
from outtray.compose.templates.keep import TemplateWish, make_template
from outtray.diagnosis.models import Probe
from outtray.documents.importing import File, import_documents
from outtray.documents.imports.drafts import start_draft
from outtray.documents.keep_layout import LayoutWish, keep_layout
from outtray.documents.models import Document, Party, PartyEvent
from outtray.documents.samples.samples import sample_documents
from outtray.lib.ids import new_id
from outtray.lib.sealing import Secret
from outtray.mailboxes.history import Code, record
from outtray.mailboxes.models import Grant, Mailbox, MailboxEvent, OAuthApp, Whose
from outtray.mailboxes.oauth_apps import AppDraft, save_app
from outtray.outbox.models import Email, Event
from outtray.outbox.seen import look_at
from outtray.people.keys import create_key
from outtray.people.models import ApiKey, Company, Membership
from outtray.runs.models import Run, RunRow
from outtray.runs.plan import Selection, plan_run
from outtray.runs.wishes import RunWishes
from tests import builders
from tests.conftest import found_company, join
from tests.web.conftest import SignedIn
from tests.web.walls import WALLS, Wall, routes

# Stands in everything that is Nordwind's, and nowhere else.
MARK = "geheim"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOT_FOR_STRANGERS = {302, 401, 403, 404, 405}
NOT_THERE = {404, 405}


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of Nordwind's things, by the names that addresses and forms have for them."""

    by_name: Mapping[str, str]

    def path(self, route: str) -> str:
        """The address with Nordwind's ids put in."""
        return "/" + re.sub(r"<\w+:(\w+)>", lambda found: self.by_name[found[1]], route)

    @property
    def form(self) -> dict[str, str]:
        """A form that names all of them, under every name that a page might read."""
        return {
            **self.by_name,
            "ids": f"{self.by_name['document_id']},{self.by_name['email_id']}",
            "party": self.by_name["party_id"],
            "from": self.by_name["mailbox_id"],
            "sender": self.by_name["mailbox_id"],
            "before": self.by_name["email_id"],
            "document": self.by_name["document_id"],
            "membership": self.by_name["member_id"],
            "invoice-from": self.by_name["mailbox_id"],
            "role": "administrator",
        }

    def body(self, path: str) -> dict[str, Any]:
        """The same for the API, which takes no word too many."""
        if path.endswith("/schedule"):
            return {"due_at": "2030-01-01T00:00:00Z"}
        if path.endswith("/correction"):
            return {"recipients": [{"address": "a@kunde.example", "corrected": "b@kunde.example"}]}
        if path.endswith("/pace"):
            return {"messages_per_minute": 7}
        if path.endswith("connections"):
            return {
                "whose": "company",
                "address": "c@suedhang.example",
                "sign_in": "google",
                "mailbox_id": self.by_name["mailbox_id"],
            }
        if path.endswith("/start"):
            return {"confirm": 1}
        if path.endswith("/stop"):
            return {"cancel": True}
        if path.endswith("/runs"):
            return {"documents": [self.by_name["document_id"]]}
        if "/rules/" in path:
            return {"send_from": self.by_name["mailbox_id"]}
        if "/overrides/" in path:
            return {"cc_email": "c@suedhang.example"}
        if "/parties/" in path:
            return {"main_email": "c@suedhang.example"}
        if "/layouts" in path:
            return {
                "name": "x",
                **({"layout_id": self.by_name["layout_id"]} if "previews" in path else {}),
            }
        if "/templates" in path:
            texts = {"subject": "x", "mjml": "<mj-text>x</mj-text>", "language": "de"}
            return {**texts, "name": "x", "purpose": "invoice", "filename": "x", "content": "eA=="}
        if "/mailboxes" in path:
            return {"address": "c@suedhang.example", "settings": {"host": "localhost"}}
        return {
            "document_ids": [self.by_name["document_id"]],
            "mailbox_id": self.by_name["mailbox_id"],
        }


Rows = list[list[dict[str, Any]]]


@pytest.fixture(scope="module")
def everything(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Ids, Rows]]:
    """Nordwind has one of everything, and each bears the mark: the ids, and the rows.

    Made once, as nobody may change it: each test's own transaction is within this one.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        made = _one_of_everything(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
        yield made, _all_of_nordwind()
        transaction.set_rollback(True)


@pytest.fixture
def ids(everything: tuple[Ids, Rows], db: None) -> Ids:
    return everything[0]


@pytest.fixture
def before(everything: tuple[Ids, Rows], db: None) -> Rows:
    """Every row of Nordwind's, before anybody asked."""
    return everything[1]


def _one_of_everything(at: datetime) -> Ids:
    nordwind = found_company("Nordwind Handels GmbH", at)
    anna = join(nordwind, "Anna Andresen", "anna@nordwind.example", "administrator", at)
    ben = join(nordwind, "Ben Behrens", "ben@nordwind.example", "user", at)
    paper = _paper(at)
    (document,) = import_documents(anna.company, paper, by=anna.person, at=at).documents
    mailbox = _mailbox(ben, at=at)
    email = builders.queued(mailbox, at=at, to=[f"{MARK}@kunde.example"])
    probe = _probe(mailbox, by=ben, at=at)
    draft = keep(ben, new_id(), Begun(subject=MARK, to=MARK, html=MARK), version=0, at=at)
    file = attach_file(draft, LetterFile(f"{MARK}.txt", "text/plain", MARK.encode()), at=at)
    look_at(draft, builders.letter(mailbox, subject=MARK), mailbox=mailbox, at=at)
    template = make_template(
        anna, level="application", purpose="invoice", wish=TemplateWish(MARK), at=at
    )
    kept = keep_file(anna, template, filename=f"{MARK}.txt", content=MARK.encode(), at=at)
    layout = keep_layout(anna, LayoutWish(MARK, texts={"de": {"after": MARK}}), at=at)
    key, _ = create_key(ben, MARK, at=at)
    waiting = start_draft(ben, File(paper, name=MARK), at=at)
    run = plan_run(anna, Selection([document.pk]), RunWishes(), at=at, name=MARK)
    app = AppDraft(provider="google", client_id=MARK, secret=Secret(MARK))
    save_app(anna, app, at=at)
    return Ids(
        {
            "document_id": str(document.pk),
            "party_id": str(document.party_id),
            "mailbox_id": str(mailbox.pk),
            "email_id": str(email.pk),
            "draft_id": str(draft.pk),
            "file_id": str(file.pk),
            "import_id": str(waiting.pk),
            "probe_id": str(probe.pk),
            "run_id": str(run.pk),
            "member_id": str(ben.pk),
            "key_id": str(key.pk),
            "template_id": str(template.pk),
            "layout_id": str(layout.pk),
            "language": "de",
            "template_file_id": str(kept.pk),
            "kind": document.kind,
            "provider": "google",
            "number": "1",
            "position": "1",
            "token": "guessed",
        }
    )


def _paper(at: datetime) -> bytes:
    paper: dict[str, Any] = sample_documents(at.date())[0]
    paper["number"] = f"{MARK}-1"
    paper["party"]["name"] = f"{MARK} AG"
    return json.dumps(paper).encode()


def _mailbox(by: Membership, *, at: datetime) -> Mailbox:
    """A Company Email with a history."""
    mailbox = builders.user_email(by, at=at)
    record(mailbox.pk, Code.SLOWED, at=at, detail={"why": MARK})
    Mailbox.objects.filter(pk=mailbox.pk).update(
        whose=Whose.COMPANY, owner=None, name=MARK, address=f"{MARK}@nordwind.example"
    )
    mailbox.refresh_from_db()
    return mailbox


def _probe(mailbox: Mailbox, *, by: Membership, at: datetime) -> Probe:
    return Probe.objects.create(
        company=by.company,
        mailbox=mailbox,
        by=by.person,
        transport="smtp",
        address=mailbox.address,
        settings_fingerprint="0",
        created_at=at,
    )


@pytest.fixture(autouse=True)
def patient_api() -> Iterator[None]:
    """Asking much is not what is tested here."""
    rates.STRANGERS.forget()
    yield
    rates.STRANGERS.forget()
    rates.KEYS.forget()


@pytest.fixture
def key_of_clara(clara: Membership, at: datetime) -> str:
    return create_key(clara, "Clara's", at=at)[1].value


def test_every_address_has_its_wall() -> None:
    assert routes() == set(WALLS)


@pytest.mark.parametrize("route", sorted(WALLS))
def test_a_stranger_sees_nothing(route: str, ids: Ids, before: Rows) -> None:
    answers = [
        _ask(Client(raise_request_exception=False), method, ids.path(route), ids)
        for method in METHODS
    ]

    assert all(MARK not in _said(answer) for answer in answers)
    assert _all_of_nordwind() == before
    if WALLS[route] in {Wall.OWN, Wall.FOREIGN}:
        assert {answer.status_code for answer in answers} <= NOT_FOR_STRANGERS


@pytest.mark.parametrize("route", sorted(WALLS))
def test_clara_sees_and_changes_nothing_of_nordwind(
    route: str,
    ids: Ids,
    before: Rows,
    clara: Membership,
    key_of_clara: str,
    signed_in: SignedIn,
) -> None:
    answers = [
        _ask(signed_in(clara), method, ids.path(route), ids, key=key_of_clara) for method in METHODS
    ]

    assert all(MARK not in _said(answer) for answer in answers)
    assert _all_of_nordwind() == before
    if WALLS[route] in {Wall.FOREIGN, Wall.DEMO}:
        assert {answer.status_code for answer in answers} <= NOT_THERE


def _ask(client: Client, method: str, path: str, ids: Ids, *, key: str = "") -> HttpResponseBase:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    if method == "GET":
        return client.get(path, ids.form, headers=headers)
    if path.startswith("/api/"):
        body, kind = json.dumps(ids.body(path)), "application/json"
        return client.generic(method, path, body, content_type=kind, headers=headers)
    if method == "POST":
        return client.post(path, ids.form, headers=headers)
    return client.generic(method, path, headers=headers)


def _said(answer: HttpResponseBase) -> str:
    """Everything in the answer, its headers too."""
    content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined] # of those not streamed
    return (content.decode(errors="replace") + str(answer.headers)).lower()


def _all_of_nordwind() -> Rows:
    """Every row of Nordwind's, as it is now."""
    nordwind = Company.objects.get(name__startswith="Nordwind")
    rows: tuple[QuerySet[Any], ...] = (
        Company.objects.filter(pk=nordwind.pk),
        Membership.objects.filter(company=nordwind),
        ApiKey.objects.filter(membership__company=nordwind),
        Mailbox.objects.filter(company=nordwind),
        MailboxEvent.objects.filter(mailbox__company=nordwind),
        OAuthApp.objects.filter(company=nordwind),
        Grant.objects.filter(mailbox__company=nordwind),
        Probe.objects.filter(company=nordwind),
        Party.objects.filter(company=nordwind),
        PartyDefault.objects.filter(party__company=nordwind),
        PartyEvent.objects.filter(party__company=nordwind),
        Document.objects.filter(company=nordwind),
        DocumentDefault.objects.filter(company=nordwind),
        Draft.objects.filter(company=nordwind),
        DraftFile.objects.filter(draft__company=nordwind),
        Email.objects.filter(company=nordwind),
        Event.objects.filter(email__company=nordwind),
        Run.objects.filter(company=nordwind),
        RunRow.objects.filter(run__company=nordwind),
    )
    return [list(queryset.order_by("pk").values()) for queryset in rows]
