"""What a no means: whom it concerns, and whether trying again can help."""

from __future__ import annotations

import pytest

from outtray.mail.reply import Reply
from outtray.transports.base import Scope, Stage
from outtray.transports.smtp.failures import failure_from

LOGIN, SENDER, RECIPIENT = Stage.LOGIN, Stage.SENDER, Stage.RECIPIENT
CONTENT, ANSWER = Stage.CONTENT, Stage.ANSWER


@pytest.mark.parametrize(
    ("stage", "code", "text", "scope", "is_temporary"),
    [
        (LOGIN, 535, "5.7.8 Username and Password not accepted", Scope.MAILBOX, False),
        (LOGIN, 534, "5.7.9 Application-specific password required", Scope.MAILBOX, False),
        (LOGIN, 535, "5.7.139 Authentication unsuccessful", Scope.MAILBOX, False),
        (LOGIN, 454, "4.7.0 Temporary authentication failure", Scope.SERVER, True),
        (LOGIN, 421, "4.7.0 Too many login attempts", Scope.SERVER, True),
        (SENDER, 530, "5.7.0 Must issue a STARTTLS command first", Scope.MAILBOX, False),
        (SENDER, 530, "5.7.1 Authentication required", Scope.MAILBOX, False),
        (SENDER, 550, "5.7.30 Basic authentication is not supported", Scope.MAILBOX, False),
        (SENDER, 550, "5.7.60 Client does not have permissions", Scope.SENDER, False),
        (SENDER, 553, "5.7.1 Sender address rejected: not owned by user", Scope.SENDER, False),
        (RECIPIENT, 553, "5.7.1 <a@b>: Sender address rejected: not owned", Scope.SENDER, False),
        (RECIPIENT, 554, "5.7.1 <a@b>: Relay access denied", Scope.MAILBOX, False),
        (RECIPIENT, 550, "5.1.1 No such user", Scope.RECIPIENT, False),
        (RECIPIENT, 550, "No such user", Scope.RECIPIENT, False),
        (RECIPIENT, 452, "4.2.2 Mailbox full", Scope.RECIPIENT, True),
        (RECIPIENT, 552, "5.2.2 Over quota", Scope.RECIPIENT, False),
        (RECIPIENT, 451, "4.7.1 Greylisted for 5 minutes", Scope.RECIPIENT, True),
        (RECIPIENT, 452, "4.5.3 Too many recipients", Scope.RECIPIENT, True),
        (RECIPIENT, 552, "Too many recipients", Scope.RECIPIENT, True),
        (RECIPIENT, 452, "4.3.1 Insufficient system storage", Scope.SERVER, True),
        (SENDER, 550, "5.4.5 Daily user sending limit exceeded", Scope.MAILBOX, True),
        (ANSWER, 554, "5.2.0 SubmissionQuotaExceededException", Scope.MAILBOX, True),
        (SENDER, 450, "Mail send limit exceeded", Scope.MAILBOX, True),
        (ANSWER, 432, "4.3.2 Concurrent connections limit exceeded", Scope.SERVER, True),
        (SENDER, 552, "5.3.4 Message size exceeds fixed limit", Scope.MESSAGE, False),
        (ANSWER, 552, "Message too large", Scope.MESSAGE, False),
        (ANSWER, 554, "5.7.1 Judged as spam", Scope.MESSAGE, False),
        (ANSWER, 554, "5.2.252 SendAsDenied", Scope.SENDER, False),
        (ANSWER, 451, "4.3.0 Temporarily rejected", Scope.SERVER, True),
        (CONTENT, 451, "Local error in processing", Scope.SERVER, True),
        (Stage.GREETING, 554, "No SMTP service here", Scope.SERVER, False),
        (Stage.EHLO, 421, "4.3.2 Shutting down", Scope.SERVER, True),
        (Stage.TLS, 454, "4.7.0 TLS not available", Scope.SERVER, True),
    ],
)
def test_a_no_is_understood(
    stage: Stage, code: int, text: str, scope: Scope, *, is_temporary: bool
) -> None:
    failure = failure_from(Reply(code, text), stage=stage)

    assert (failure.scope, failure.is_temporary) == (scope, is_temporary)
    assert (failure.stage, failure.code, failure.text) == (stage, code, text)
