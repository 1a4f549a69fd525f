"""The server's own trouble; and what a refusal at each step usually means."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage

_MAIL = ("smtp", "imap", "")
_WEB = ("graph", "gmail_api", "ews", "api")

SAID = (
    Sign(
        Cause.SERVER_OUT_OF_STORAGE,
        words="""insufficient system | insufficient disk | insufficient resources
        | insufficient queue | system storage | disk full | disk is full | disk space | queue full
        | queue file write | queue is full | no space left | out of disk | out of memory
        | low on space | not enough space | not enough disk | system resources
        | insufficientresources | resource pressure | back pressure | backpressure
        | memory allocation | cannot allocate | too many open files | out of resources
        | spool .. full | festplatte | disque plein | espace disque | disco lleno
        | espacio en disco | spazio .. disco | espaco em disco | schijf vol | 磁盘 | 空间不足""",
        unless="mailbox | {user} .. quota | user is",
    ),
    Sign(
        Cause.SERVER_OUT_OF_STORAGE,
        enhanced=("x.3.1",),
        unless="mailbox .. full | quota",
    ),
    Sign(
        Cause.SERVER_TEMPORARY_FAILURE,
        words="""configuration error | configuration problem | config error
        | {temporarily} .. {failed} | temporarily unavailable | temporary failure
        | temporary error | temporary problem | temporary local | temporary server
        | try again later | try later | internal error | internal server error | server error
        | service not available | service unavailable | service is unavailable | not available
        | unavailable | local error | local problem | lookup failure | system not accepting
        | not accepting network | shutting down | closing connection | server busy | too busy
        | server is busy | overload | load average | load too high | maintenance | backend
        | server configuration problem | queueing | cannot process | can't process
        | unable to process | {temporarily} | {later}""",
        codes=(4,),
    ),
)

USUAL = (
    Sign(Cause.DNS_TEMPORARY_FAILURE, stages=(Stage.DNS,), codes=(4,)),
    Sign(Cause.WRONG_HOST, stages=(Stage.DNS, Stage.SETTINGS)),
    Sign(Cause.WRONG_HOST, stages=(Stage.CONNECT,), codes=(0,), words="failure sending"),
    Sign(Cause.REMOTE_UNREACHABLE, stages=(Stage.CONNECT,), codes=(0,)),
    Sign(
        Cause.TLS_REQUIRED,
        stages=(Stage.TLS,),
        when=lambda symptom: symptom.around.security in {"none", ""},
        protocols=_MAIL,
        codes=(5, 0),
        words="{encryption}",
    ),
    Sign(Cause.SERVER_TEMPORARY_FAILURE, stages=(Stage.TLS,), codes=(4,)),
    Sign(Cause.STARTTLS_NOT_OFFERED, stages=(Stage.TLS,), codes=(500, 501, 502, 503, 554)),
    Sign(Cause.TLS_VERSION_TOO_OLD, stages=(Stage.TLS,)),
    Sign(Cause.GREYLISTED, stages=(Stage.RECIPIENT,), codes=(450,)),
    Sign(Cause.SERVER_TEMPORARY_FAILURE, codes=(4,), protocols=_MAIL),
    Sign(Cause.IP_BLOCKLISTED, stages=(Stage.CONNECT, Stage.GREETING), codes=(5,)),
    Sign(Cause.SENDER_NOT_ALLOWED, stages=(Stage.SENDER,), protocols=_MAIL, codes=(5, 0)),
    Sign(Cause.MAILBOX_NOT_FOUND, stages=(Stage.RECIPIENT,), codes=(550, 551), protocols=_MAIL),
    Sign(Cause.RECIPIENT_REJECTED, stages=(Stage.RECIPIENT,), protocols=_MAIL),
    Sign(
        Cause.POLICY_REJECTED,
        stages=(Stage.CONTENT, Stage.ANSWER, Stage.SIZE),
        protocols=_MAIL,
        codes=(5,),
    ),
    Sign(Cause.CONNECTION_DROPPED, codes=(0,), protocols=_MAIL, stages=tuple(Stage)),
)
