"""Why emails failed, in the one line that a list has for it."""

from __future__ import annotations

import json
from functools import lru_cache

from outtray.diagnosis.explain import explain
from outtray.outbox.failures import from_json
from outtray.outbox.models import Email
from outtray.outbox.states import State


def headline_of(email: Email) -> str:
    """Nothing for one that has not failed."""
    if email.state != State.FAILED or not email.last_failure:
        return ""
    mailbox = email.mailbox
    failure, settings = json.dumps(email.last_failure), json.dumps(mailbox.settings)
    return _headline(failure, mailbox.transport, settings, mailbox.address)


@lru_cache(maxsize=1024)
def _headline(failure: str, transport: str, settings: str, address: str) -> str:
    """Kept, for a list that is open asks for the same every two seconds."""
    known = from_json(json.loads(failure))
    assert known, "a failed email has a failure"
    explained = explain(known, transport=transport, settings=json.loads(settings), address=address)
    return explained.headline
