"""The API as a program uses it: with a key, speaking JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest
import requests
import schemathesis
from django.test import Client

from outtray.api import rates
from outtray.documents.importing import import_documents
from outtray.documents.models import Document
from outtray.documents.samples.samples import sample_documents
from outtray.mailboxes.models import Mailbox
from outtray.people.keys import create_key
from outtray.people.models import Membership
from tests import builders


class Answer:
    """What the API answered: status, headers, and the JSON in it."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.content: bytes = response.content

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def code(self) -> str:
        """The stable code of a problem."""
        assert self.headers["Content-Type"] == "application/problem+json", self.content
        problem = self.json
        assert problem["status"] == self.status
        assert problem["title"]
        assert problem["detail"]
        return str(problem["code"])


class Program:
    """A program with the API key of one member."""

    def __init__(self, membership: Membership, at: datetime) -> None:
        self.membership = membership
        _, self.secret = create_key(membership, "test", at=at)
        self._client = Client(raise_request_exception=False)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request under /api/v1."""
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        response = self._client.generic(
            method,
            f"/api/v1{path}",
            content,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret.value}", **(headers or {})},
        )
        return Answer(response)

    def send(self, asked: requests.PreparedRequest) -> schemathesis.Response:
        """A request that somebody else has made, with this program's key."""
        body = asked.body or b""
        response = self._client.generic(
            str(asked.method),
            asked.path_url,
            body.encode() if isinstance(body, str) else body,
            content_type=str(asked.headers.get("Content-Type", "")),
            headers={
                **{name: str(value) for name, value in asked.headers.items()},
                "Authorization": f"Bearer {self.secret.value}",
            },
        )
        return schemathesis.Response(
            status_code=response.status_code,
            headers={name.lower(): [value] for name, value in response.headers.items()},
            content=response.content,
            request=asked,
            elapsed=0,
            verify=False,
        )

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, body: object = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, body, headers=named)


@pytest.fixture(autouse=True)
def full_buckets() -> Iterator[None]:
    """Nobody has asked yet."""
    yield
    rates.KEYS.forget()
    rates.STRANGERS.forget()


@pytest.fixture
def bens(ben: Membership, at: datetime) -> Program:
    return Program(ben, at)


@pytest.fixture
def annas(anna: Membership, at: datetime) -> Program:
    return Program(anna, at)


@pytest.fixture
def claras(clara: Membership, at: datetime) -> Program:
    return Program(clara, at)


@pytest.fixture
def papers(ben: Membership, at: datetime) -> list[Document]:
    """One document of each kind, imported."""
    payload = json.dumps(sample_documents(at.date())).encode()
    result = import_documents(ben.company, payload, by=ben.person, at=at)
    assert not result.refused, result.refused
    return result.documents


@pytest.fixture
def mailbox(ben: Membership, at: datetime) -> Mailbox:
    """Ben's User Email, ready."""
    return builders.user_email(ben, at=at)
