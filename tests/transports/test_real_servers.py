"""Sending through a real Postfix with a real Dovecot."""

from __future__ import annotations

import pytest

from outtray.transports.base import Accepted, Refusal
from outtray.transports.smtp.transport import SmtpTransport
from tests.servers.postfix import Postfix
from tests.transports.conftest import MESSAGE, envelope_for, route_to

pytestmark = pytest.mark.servers


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_message_is_delivered(postfix: Postfix, security: str) -> None:
    message = MESSAGE.replace(b"<1@", f"<{security}@".encode())
    route = route_to(postfix.settings(security), password=postfix.password, ca_file=postfix.ca_file)
    session = SmtpTransport().open(route)
    assert not isinstance(session, Refusal), session

    outcome = session.send(
        envelope_for("info@customer.example"), message, before_content=lambda: None
    )
    session.close()

    assert isinstance(outcome.verdicts[0], Accepted), outcome
    delivered = postfix.wait_for(f"<{security}@nordwind.example>")
    assert b"Please find the invoice enclosed.\n.\n..and two dots\n" in delivered
