"""Whether this server can take this message at all, told from what it offers (RFC 5321 §2.2)."""

from __future__ import annotations

from outtray.mail.address import Address
from outtray.mail.envelope import Envelope
from outtray.transports.base import Failure, Scope, Source, Stage, Trouble
from outtray.transports.smtp.content import Content
from outtray.transports.smtp.line import Line


def unfit_message(line: Line, envelope: Envelope, content: Content) -> Failure | None:
    """Why this server takes no such message from this sender, if that is so."""
    if content.has_bare_line_end:
        return _no(
            Scope.MESSAGE,
            Trouble.MESSAGE_MALFORMED,
            "the message has a line end of CR or LF alone",
            source=Source.LOCAL,
        )
    limit = size_limit(line)
    if limit and content.size > limit:
        return _no(
            Scope.MESSAGE,
            Trouble.MESSAGE_TOO_LARGE,
            f"the message has {content.size} octets; the server takes {limit}",
            enhanced_code="5.3.4",
        )
    if _lacks_smtputf8(line, envelope.sender):
        return _needs_smtputf8(Scope.SENDER, str(envelope.sender), stage=Stage.SENDER)
    return None


def unfit_characters(line: Line, content: Content) -> Failure | None:
    """Why the message as it is written cannot pass here, if that is so."""
    if content.has_utf8_headers and not line.has_extn("smtputf8"):
        what = "an address in the message's header"
        return _needs_smtputf8(Scope.MESSAGE, what, stage=Stage.CONTENT)
    if content.is_8bit and not line.has_extn("8bitmime"):
        return _no(
            Scope.MESSAGE,
            Trouble.MESSAGE_MALFORMED,
            "the message needs 8BITMIME, which the server does not offer",
            enhanced_code="5.6.3",
        )
    return None


def unfit_recipient(line: Line, recipient: Address) -> Failure | None:
    """Why this recipient cannot get any message here, if that is so."""
    if not _lacks_smtputf8(line, recipient):
        return None
    return _needs_smtputf8(Scope.RECIPIENT, str(recipient), stage=Stage.RECIPIENT)


def size_limit(line: Line) -> int:
    """The server's limit in octets (RFC 1870 §3); 0 where it names none."""
    limit = line.esmtp_features.get("size", "").strip()
    return int(limit) if limit.isascii() and limit.isdigit() else 0


def _lacks_smtputf8(line: Line, address: Address) -> bool:
    return address.needs_smtputf8 and not line.has_extn("smtputf8")


def _needs_smtputf8(scope: Scope, what: str, *, stage: Stage) -> Failure:
    return _no(
        scope,
        Trouble.SMTPUTF8_NOT_OFFERED,
        f"{what} needs SMTPUTF8, which the server does not offer",
        stage=stage,
        enhanced_code="5.6.7",
    )


def _no(
    scope: Scope,
    trouble: Trouble,
    text: str,
    *,
    stage: Stage = Stage.CONTENT,
    source: Source = Source.SERVER,
    enhanced_code: str = "",
) -> Failure:
    """Final, and the server's own word where it follows from what the server offers."""
    return Failure(
        stage=stage,
        scope=scope,
        is_temporary=False,
        source=source,
        text=text,
        enhanced_code=enhanced_code,
        trouble=trouble,
    )
