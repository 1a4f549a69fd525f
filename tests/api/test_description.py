"""The API keeps to its own description, whatever it is asked."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from outtray.api import rates
from outtray.api.api import api
from outtray.documents.models import Document
from outtray.mailboxes.models import Mailbox
from tests.api.conftest import Program

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


SCHEMA: Any = schemathesis.openapi.from_dict(dict(api.get_openapi_schema(path_prefix="/api/v1/")))
OPERATIONS = [operation.ok() for operation in SCHEMA.get_all_operations()]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_operation_answers_as_it_is_described(
    operation: Any, annas: Program, papers: list[Document], mailbox: Mailbox
) -> None:
    @settings(
        max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy())
    def answers_as_described(case: Any) -> None:
        rates.KEYS.forget()
        wanted = case.as_transport_kwargs(base_url="http://testserver")
        names = ("method", "url", "params", "data", "json", "headers")
        asked = requests.Request(**{name: wanted.get(name) for name in names}).prepare()

        case.validate_response(annas.send(asked), checks=CHECKS)

    answers_as_described()
