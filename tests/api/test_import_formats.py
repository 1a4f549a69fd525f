"""Import by API: every form by its content type or by name, and a preview that keeps nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from outtray.documents.models import Document
from outtray.people.keys import create_key
from outtray.people.models import Membership
from tests.documents.imports.conftest import content_of

URL = "/api/v1/documents"

Post = Callable[[str, bytes, str], Any]


@pytest.fixture
def post(ben: Membership, at: datetime) -> Post:
    """Send a body as Ben's program does."""
    _, key = create_key(ben, "ERP", at=at)

    def post(query: str, content: bytes, content_type: str) -> Any:
        headers = {"Authorization": f"Bearer {key.value}"}
        return Client().post(URL + query, content, content_type=content_type, headers=headers)

    return post


@pytest.mark.parametrize(
    ("file", "content_type", "query", "count"),
    [
        ("rechnungen.csv", "text/csv", "", 2),
        ("rechnungen-1252.csv", "application/octet-stream", "?format=csv", 2),
        ("ubl-invoice.xml", "application/xml", "", 1),
        ("cii-invoice.xml", "application/octet-stream", "", 1),
    ],
)
def test_every_form_is_taken(
    post: Post, file: str, content_type: str, query: str, count: int
) -> None:
    answer = post(query, content_of(file), content_type)

    assert answer.status_code == 200, answer.content
    assert [item["status"] for item in answer.json()["items"]] == ["created"] * count
    assert Document.objects.count() == count


def test_a_preview_keeps_nothing(post: Post) -> None:
    answer = post("?preview=true", content_of("rechnungen.csv"), "text/csv")

    assert [item["place"] for item in answer.json()["items"]] == ["rows 2 to 3", "row 4"]
    assert [item["id"] for item in answer.json()["items"]] == [None, None]
    assert not Document.objects.exists()


def test_a_table_of_which_nothing_is_known_needs_a_mapping(post: Post) -> None:
    table = b"A;B;C\n1;2;3\n"
    mapping = json.dumps({"kind": "invoice", "columns": {"A": "nowhere"}})

    refused = post("", table, "text/csv")
    wrong = post(f"?mapping={mapping}", table, "text/csv")

    assert (refused.status_code, refused.json()["code"]) == (422, "mapping_needed")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_mapping")
