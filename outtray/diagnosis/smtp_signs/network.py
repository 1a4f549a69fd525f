"""What tells that no connection comes about, or none that lasts."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.circumstances import CLEAR_FIRST, TLS_AT_ONCE
from outtray.diagnosis.signs import Sign
from outtray.transports.base import Stage, Trouble

_BEFORE_TLS = (Stage.CONNECT, Stage.GREETING, Stage.TLS, Stage.EHLO)
_RECIPIENT = (Stage.RECIPIENT,)

SEEN = (
    Sign(Cause.WRONG_HOST, troubles=(Trouble.NAME_NOT_FOUND,)),
    Sign(Cause.DNS_TEMPORARY_FAILURE, troubles=(Trouble.NAME_SERVICE_FAILED,)),
    Sign(
        Cause.WRONG_HOST,
        troubles=(Trouble.NOT_ALLOWED,),
        when=lambda around: around.is_this_machine,
    ),
    Sign(
        Cause.TLS_REQUIRED,
        troubles=(Trouble.NOT_ALLOWED, Trouble.SETTINGS),
        when=lambda around: around.security == "none",
    ),
    Sign(
        Cause.WRONG_PORT,
        troubles=(Trouble.NOT_ALLOWED,),
        when=lambda around: not around.is_submission_port,
    ),
    Sign(Cause.NOT_ALLOWED_HERE, troubles=(Trouble.NOT_ALLOWED,)),
    Sign(
        Cause.IPV6_UNREACHABLE,
        words=r"cannot assign requested address|\[?[0-9a-f]{1,4}:[0-9a-f:]{4,}.*unreachable",
    ),
    Sign(
        Cause.WRONG_PORT,
        troubles=(Trouble.CONNECTION_REFUSED, Trouble.TIMED_OUT),
        stages=(Stage.CONNECT,),
        when=lambda around: around.port_is_published is False or not around.is_usual_port,
    ),
    Sign(
        Cause.PORT_BLOCKED,
        troubles=(Trouble.CONNECTION_REFUSED,),
        when=lambda around: bool(around.port_is_published),
    ),
    Sign(Cause.SERVICE_NOT_LISTENING, troubles=(Trouble.CONNECTION_REFUSED,)),
    Sign(Cause.PORT_BLOCKED, troubles=(Trouble.TIMED_OUT,), stages=(Stage.CONNECT,)),
    Sign(
        Cause.STARTTLS_ON_IMPLICIT_TLS_PORT,
        troubles=(Trouble.TIMED_OUT, Trouble.CONNECTION_CLOSED),
        stages=_BEFORE_TLS,
        when=lambda around: around.port in TLS_AT_ONCE and around.security != "tls",
    ),
    Sign(
        Cause.IMPLICIT_TLS_ON_STARTTLS_PORT,
        troubles=(Trouble.TIMED_OUT, Trouble.CONNECTION_CLOSED, Trouble.TLS_FAILED),
        stages=_BEFORE_TLS,
        when=lambda around: around.port in CLEAR_FIRST and around.security == "tls",
    ),
    Sign(Cause.REMOTE_UNREACHABLE, troubles=(Trouble.UNREACHABLE,)),
    Sign(Cause.WRONG_PORT, troubles=(Trouble.NOT_A_MAIL_SERVER,)),
    Sign(Cause.WRONG_PORT, troubles=(Trouble.TIMED_OUT,), stages=(Stage.GREETING,)),
    Sign(
        Cause.WRONG_PORT,
        troubles=(Trouble.TIMED_OUT,),
        stages=(Stage.TLS,),
        when=lambda around: not around.is_usual_port,
    ),
    Sign(
        Cause.CONNECTION_DROPPED,
        troubles=(Trouble.CONNECTION_CLOSED, Trouble.TIMED_OUT, Trouble.REPLY_TOO_LONG),
    ),
)

SAID = (
    Sign(Cause.DELIVERY_EXPIRED, words=r"message expired|delivery time expired|retry time"),
    Sign(Cause.DELIVERY_EXPIRED, enhanced=("4.4.7", "5.4.7", "5.4.300", "5.4.316")),
    Sign(
        Cause.DNS_TEMPORARY_FAILURE,
        words=r"EAI_AGAIN|temporary failure in name resolution|SERVFAIL|name server reply"
        r"|host or domain name not found.*try again|lookup .* timed? ?out",
    ),
    Sign(
        Cause.RECIPIENT_DOMAIN_NOT_FOUND,
        words=r"null ?mx|does not (accept|receive) (e-?)?mail|doesn't receive email"
        r"|(recipient|destination|unrouteable|unroutable).{0,40}domain.{0,30}"
        r"(not found|not exist|unknown|invalid)|no such domain|bad destination mailbox",
    ),
    Sign(
        Cause.RECIPIENT_DOMAIN_NOT_FOUND,
        words=r"domain (does not exist|not found)|NXDOMAIN|unrouteable address",
        stages=_RECIPIENT,
        enhanced=("5.1.2", "5.4.4", "4.1.2"),
    ),
    Sign(
        Cause.WRONG_HOST,
        words=r"ENOTFOUND|getaddrinfo|name or service not known|no such host|unknown ?host"
        r"|nodename nor servname|could ?n[o']t resolve|host not found",
    ),
    Sign(
        Cause.WRONG_PORT,
        words=r"ETIMEDOUT|timed? ?out|ECONNREFUSED|connection refused",
        stages=(Stage.CONNECT,),
        when=lambda around: around.port_is_published is False,
    ),
    Sign(
        Cause.STARTTLS_ON_IMPLICIT_TLS_PORT,
        words=r"greeting never received|timed? ?out|ETIMEDOUT|unexpectedly closed|reset",
        stages=_BEFORE_TLS,
        when=lambda around: around.port in TLS_AT_ONCE and around.security in {"none", "starttls"},
    ),
    Sign(
        Cause.REMOTE_UNREACHABLE,
        words=r"no route to host|EHOSTUNREACH|ENETUNREACH|network is unreachable"
        r"|host is (down|unreachable)",
    ),
    Sign(
        Cause.PORT_BLOCKED,
        words=r"ETIMEDOUT|connection timed ?out|execution expired|timed? ?out",
        stages=(Stage.CONNECT, Stage.DNS),
    ),
    Sign(
        Cause.PORT_BLOCKED,
        words=r"connection refused|ECONNREFUSED",
        when=lambda around: around.port == 2525 or bool(around.port_is_published),
    ),
    Sign(
        Cause.SERVICE_NOT_LISTENING,
        words=r"connection refused|ECONNREFUSED|actively refused|connexion refus|abgelehnt"
        r"|conexión rechazada",
        stages=(Stage.CONNECT,),
    ),
    Sign(
        Cause.CONNECTION_DROPPED,
        words=r"lost connection|connection (was )?(unexpectedly )?(reset|closed|lost|dropped)"
        r"|ECONNRESET|EPIPE|broken pipe|unexpected eof|server disconnected|end of file",
    ),
    Sign(
        Cause.WRONG_HOST,
        words=r"failure sending mail|connect\(\) failed|could not connect",
        stages=(Stage.DNS, Stage.CONNECT),
    ),
)
