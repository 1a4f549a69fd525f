"""A failure as somebody else tells it: a line of a log, another program's error, a report.

Its words are turned into what we would have seen ourselves (a reply at a stage, or trouble
with the line), and that is judged by the same tables as what happens here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from outtray.mail.reply import Reply
from outtray.transports.apis import failure_from_api
from outtray.transports.base import Failure, Stage, Trouble
from outtray.transports.smtp.failures import failure_from, own_failure
from outtray.transports.smtp.providers import PROVIDERS

STAGES: Mapping[str, Stage] = {
    "settings": Stage.SETTINGS,
    "dns": Stage.DNS,
    "connect": Stage.CONNECT,
    "tls": Stage.TLS,
    "starttls": Stage.TLS,
    "greeting": Stage.GREETING,
    "ehlo": Stage.EHLO,
    "auth": Stage.LOGIN,
    "oauth": Stage.LOGIN,
    "mail_from": Stage.SENDER,
    "rcpt_to": Stage.RECIPIENT,
    "data": Stage.ANSWER,
    "throttle": Stage.ANSWER,
    "api": Stage.ANSWER,
}
_BEFORE_LOGIN = frozenset(
    {Stage.SETTINGS, Stage.DNS, Stage.CONNECT, Stage.TLS, Stage.GREETING, Stage.EHLO}
)
_TLS_AT_ONCE = frozenset({465, 2465, 8465})  # RFC 8314 §3.3 and what relays open besides


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of it; what is not known is empty. `stage` is a key of STAGES.

    `code` is a reply code, an HTTP status or another program's identifier. `context` may
    hold host, port and security.
    """

    protocol: str
    stage: str
    text: str
    code: str = ""
    enhanced_code: str = ""
    provider: str = ""
    context: Mapping[str, object] = field(default_factory=dict)


def failure_told(told: Told) -> Failure:
    """What we would have made of it."""
    stage = STAGES[told.stage]
    reply = _reply(told) if told.protocol == "smtp" else None
    if reply:
        return failure_from(reply, stage=stage, host=_host(told))
    trouble = _trouble(told, stage)
    if trouble is Trouble.NAME_NOT_FOUND and _OF_RECIPIENT.search(told.text):
        return failure_from(Reply(556, told.text), stage=Stage.RECIPIENT)
    if trouble and (stage in _BEFORE_LOGIN or trouble in _BROKEN):
        return own_failure(trouble, told.text, stage=stage)
    if told.protocol == "smtp":
        return failure_from(Reply(_supposed(told), told.text), stage=stage, host=_host(told))
    status = int(told.code) if told.code.isdigit() else _status(told.text)
    return failure_from_api(status, told.text, stage=stage, identifier=told.code)


# RFC 5321 §4.2: the second digit is at most 5, so 465 and 587 are ports and no codes.
_REPLY = re.compile(r"(?<![\d.:])([45][0-5]\d)[ -]+(?:#?([45]\.\d{1,3}\.\d{1,3})\b)?")
_ENHANCED = re.compile(r"(?<![\d.])([45]\.\d\.\d{1,3})(?![\d.])")
# Servers look up MX of recipients' domains only; a null MX takes no mail (RFC 7505).
_OF_RECIPIENT = re.compile(r"\bMX\b", re.IGNORECASE)
_CLIENT = re.compile(r"\b(E[A-Z]{4,}|SSL|Errno|errno|HTTP/\d)\b")


def _reply(told: Told) -> Reply | None:
    """The server's reply, if one is told."""
    found = _REPLY.search(told.text)
    if re.fullmatch(r"[45]\d\d", told.code):
        code = int(told.code)
    elif found and not _CLIENT.search(told.text):
        code = int(found[1])
    else:
        return None
    return Reply(code, _with_enhanced(told, found[2] if found else ""))


def _with_enhanced(told: Told, found: str | None) -> str:
    """The text, beginning with its enhanced code as the text of a reply does."""
    said = _ENHANCED.search(told.text)
    enhanced = told.enhanced_code or found or (said[1] if said else "")
    return f"{enhanced} {told.text}" if enhanced else told.text


def _supposed(told: Told) -> int:
    """The code of a reply of which only words are told: what no text calls passing is final."""
    enhanced = _with_enhanced(told, "")[:2]
    passing = enhanced == "4." or bool(_PASSING.search(told.text))
    return 450 if passing else 550


_PASSING = re.compile(r"temporar|try (again )?later|gr[ea]y-?list", re.IGNORECASE)


def _host(told: Told) -> str:
    host = str(told.context.get("host", ""))
    name = told.provider.lower()
    known = next((one.domains[0] for one in PROVIDERS if _is_called(name, one.name)), "")
    return known or host


_CALLED: Mapping[str, str] = {
    "gmail": "google",
    "google workspace": "google",
    "microsoft 365": "microsoft",
    "outlook.com": "microsoft",
    "exchange": "microsoft",
    "on-prem exchange": "microsoft",
    "amazon ses": "amazon_ses",
    "163.com (netease)": "netease",
    "tencent qq": "netease",
}


def _is_called(name: str, provider: str) -> bool:
    return provider in {name, _CALLED.get(name, "")}


def _status(text: str) -> int:
    found = re.search(r"\b(?:HTTP\D{0,20}|status\D{0,10}|code\W{1,4}|e)?([45]\d\d)\b", text)
    return int(found[1]) if found else 0


_SIGNS: tuple[tuple[Trouble, str], ...] = (
    (Trouble.NOT_A_MAIL_SERVER, r"\bHTTP/\d|\bSSH-\d"),
    (
        Trouble.NAME_SERVICE_FAILED,
        r"EAI_AGAIN|temporary failure in name resolution|SERVFAIL|host not found, try again|"
        r"malformed or unexpected name server|\b(dns|name ?server|lookup)\b.{0,40}timed? ?out",
    ),
    (
        Trouble.NAME_NOT_FOUND,
        r"ENOTFOUND|EAI_NO(NAME|DATA)|name or service not known|nodename nor servname|"
        r"no such host|unknown ?host|could ?n.t resolve|cannot resolve|host not found|"
        r"no address associated|getaddrinfo",
    ),
    # The own network lacks what this needs: IPv6 to an IPv6 address.
    (
        Trouble.SETTINGS,
        r"cannot assign requested address|EADDRNOTAVAIL|[0-9a-f]{1,4}:[0-9a-f:]{4,}.*unreachable",
    ),
    (
        Trouble.CERTIFICATE_EXPIRED,
        r"certificate\b.{0,40}\bexpired|CERT_HAS_EXPIRED|not yet valid",
    ),
    (
        Trouble.CERTIFICATE_OTHER_NAME,
        r"hostname.{0,25}(mismatch|check_failed|match)|altname|subject alternative|not valid for",
    ),
    (
        Trouble.CERTIFICATE_UNTRUSTED,
        r"self.?signed|(local )?issuer|unknown (authority|ca)|certificate.{0,40}(verif|trust)|"
        r"trust anchor|PKIX|certification path",
    ),
    (
        Trouble.SPEAKS_CLEAR_TEXT,
        r"wrong.version.number|parse tls packet|plaintext connection|unrecognized ssl message|"
        r"not look like a tls handshake|packet length too long|http request",
    ),
    (
        Trouble.TLS_TOO_OLD,
        r"unsupported protocol|no protocols available|protocol.version|no shared cipher|"
        r"version 30[012]|dh key too small",
    ),
    (Trouble.TLS_FAILED, r"handshake (failure|failed|error)|\b(SSL|TLS)\b.{0,20}\b(error|alert)"),
    (
        Trouble.STARTTLS_NOT_OFFERED,
        r"STARTTLS.{0,60}(n't|not) (offer|support|advertis)|(n't|not) (offer|support|advertise) "
        r"STARTTLS",
    ),
    (
        Trouble.CONNECTION_REFUSED,
        r"ECONNREFUSED|connection refused|actively refused|connexion refus|"
        r"verbindung (wurde )?(verweigert|abgelehnt)|conexi[óo]n rechazada",
    ),
    (
        Trouble.UNREACHABLE,
        r"EHOSTUNREACH|ENETUNREACH|no route to host|(network|host) is (unreachable|down)",
    ),
    (
        Trouble.TIMED_OUT,
        r"ETIMEDOUT|timed?[ -]?out|execution expired|zeit(ü|ue)berschreitung|never received",
    ),
    (
        Trouble.CONNECTION_CLOSED,
        r"ECONNRESET|EPIPE|broken pipe|reset by peer|lost connection|unexpected(ly)? (eof|clos)|"
        r"connection (was )?(unexpectedly )?(closed|lost|reset|dropped|aborted)|"
        r"server disconnected|end of file",
    ),
)
# What breaks a line also after the login; the rest is not seen there.
_BROKEN = frozenset(
    {
        Trouble.TIMED_OUT,
        Trouble.CONNECTION_CLOSED,
        Trouble.UNREACHABLE,
        Trouble.CONNECTION_REFUSED,
        Trouble.NAME_SERVICE_FAILED,
    }
)
_USUAL: Mapping[Stage, Trouble] = {
    Stage.SETTINGS: Trouble.SETTINGS,
    Stage.DNS: Trouble.NAME_NOT_FOUND,
    Stage.CONNECT: Trouble.CONNECTION_REFUSED,
    Stage.TLS: Trouble.TLS_FAILED,
}


def _trouble(told: Told, stage: Stage) -> Trouble | None:
    signs = (trouble for trouble, words in _SIGNS if re.search(words, told.text, re.IGNORECASE))
    trouble = next(signs, None) or _USUAL.get(stage)
    waits_for_tls = _port(told) in _TLS_AT_ONCE and told.context.get("security") != "tls"
    if trouble is Trouble.TIMED_OUT and stage is Stage.GREETING and waits_for_tls:
        return Trouble.SPEAKS_TLS_AT_ONCE
    return trouble


def _port(told: Told) -> int:
    port = str(told.context.get("port", ""))
    return int(port) if port.isdigit() else 0
