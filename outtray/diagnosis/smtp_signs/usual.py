"""The server's own trouble; and what a refusal at each step usually means."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs import Sign
from outtray.transports.base import Stage

_LOGIN = (Stage.LOGIN,)
_SENDER = (Stage.SENDER,)
_RECIPIENT = (Stage.RECIPIENT,)

SAID = (
    Sign(
        Cause.SERVER_OUT_OF_STORAGE,
        words=r"insufficient (system|disk) (storage|resource|space)|(disk|queue).{0,20}full"
        r"|no space left|out of (disk|memory)|system storage",
    ),
    Sign(Cause.SERVER_OUT_OF_STORAGE, enhanced=("4.3.1", "5.3.1")),
    Sign(Cause.IP_BLOCKLISTED, stages=(Stage.CONNECT, Stage.GREETING), codes=(5,)),
    Sign(
        Cause.SERVER_TEMPORARY_FAILURE,
        words=r"temporar(y|ily)|try (again )?later|internal (server )?error|service (not|un)avail"
        r"|local error|resources|overload|vorübergehend|réessayer|más tarde",
        codes=(4,),
    ),
)

USUAL = (
    Sign(Cause.DNS_TEMPORARY_FAILURE, stages=(Stage.DNS,)),
    Sign(Cause.WRONG_HOST, stages=(Stage.SETTINGS,)),
    Sign(Cause.REMOTE_UNREACHABLE, stages=(Stage.CONNECT,), codes=(0,)),
    Sign(Cause.TLS_REQUIRED, stages=(Stage.TLS,), when=lambda around: around.security == "none"),
    Sign(Cause.TLS_VERSION_TOO_OLD, stages=(Stage.TLS,)),
    Sign(Cause.WRONG_PASSWORD, stages=_LOGIN),
    Sign(Cause.SERVER_TEMPORARY_FAILURE, codes=(4,)),
    Sign(Cause.CONNECTION_DROPPED, codes=(0,)),
    Sign(Cause.SENDER_NOT_ALLOWED, stages=_SENDER),
    Sign(Cause.RECIPIENT_REJECTED, stages=_RECIPIENT),
    Sign(Cause.POLICY_REJECTED, stages=(Stage.CONTENT, Stage.ANSWER)),
    Sign(Cause.SERVER_TEMPORARY_FAILURE),
)
