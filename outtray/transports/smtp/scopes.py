"""Whether a token opens SMTP and IMAP, by the scopes that it was given."""

from __future__ import annotations

from outtray.transports.base import Failure, Scope, Source, Stage, Token

# Google's only scope for SMTP, Microsoft's for a person and for an application by itself.
_ENOUGH = ("https://mail.google.com", "smtp.send", "smtp.sendasapp", ".default")


def scopes_lacking(token: Token) -> Failure | None:
    """The failure where the token does not open SMTP. One that does not tell is believed."""
    told = [scope.rstrip("/").lower() for scope in token.scopes]
    if not told or any(scope.endswith(_ENOUGH) for scope in told):
        return None
    return Failure(
        stage=Stage.SCOPES,
        scope=Scope.MAILBOX,
        is_temporary=False,
        source=Source.LOCAL,
        text=f"the consent does not allow to send over SMTP ({' '.join(sorted(token.scopes))})",
        identifier="insufficient_scope",
    )
