"""A failure as somebody else tells it: a line of a log, another program's error, a report.

Its settings may be told beside it, or stand in the text; what is not known stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from outtray.diagnosis.circumstances import Circumstances, circumstances
from outtray.diagnosis.signs.providers.every import provider_called
from outtray.diagnosis.signs.troubles import trouble_told
from outtray.diagnosis.symptom import PROTOCOLS, Symptom, enhanced_in
from outtray.mailboxes.presets import PRESETS
from outtray.transports.base import Stage, Trouble

STAGES: Mapping[str, Stage] = {
    "settings": Stage.SETTINGS,
    "dns": Stage.DNS,
    "connect": Stage.CONNECT,
    "tls": Stage.TLS,
    "starttls": Stage.TLS,
    "greeting": Stage.GREETING,
    "ehlo": Stage.EHLO,
    "auth": Stage.LOGIN,
    "login": Stage.LOGIN,
    "oauth": Stage.TOKEN,
    "token": Stage.TOKEN,
    "mail_from": Stage.SENDER,
    "sender": Stage.SENDER,
    "rcpt_to": Stage.RECIPIENT,
    "recipient": Stage.RECIPIENT,
    "data": Stage.ANSWER,
    "content": Stage.ANSWER,
    "throttle": Stage.ANSWER,
    "api": Stage.ANSWER,
    "send": Stage.ANSWER,
}
_WEB = frozenset({"graph", "gmail_api", "ews", "api"})

# RFC 5321 §4.2: the second digit is at most 5, so 465 and 587 are ports and no codes.
_REPLY = re.compile(r"(?<![\d.:\[])([45][0-5]\d)[ -]+#?(?:[45]\.\d{1,3}\.\d{1,3}\b|[A-Za-z<\[(#])")
_ONLY_CODE = re.compile(
    r"(?:code|error|got|response|responded with|returned|status)\W{1,4}([45][0-5]\d)\b", re.I
)
_STATUS = re.compile(
    r"(?:\A|HTTP\D{0,20}|status\D{0,10}|code\W{1,5}|error\W{1,3}|[\[(]|\be)([45]\d\d)\b", re.I
)
_CLIENT = re.compile(r"\b(E[A-Z]{5,}|Errno|errno \d)\b")
_SERVER = re.compile(
    r"\b([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:\[[^\]]*\])?(?::|, ?port:? |[ ,]+port[ =:]+)(\d{2,5})\b",
    re.I,
)
_ADDRESS_AND_PORT = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}\]?:(\d{2,5})\b")
_PORT = re.compile(r"\bport[\s\"'=:#]{1,4}(\d{2,5})\b", re.I)
_WORDS_AT: tuple[tuple[Stage, str], ...] = (
    (Stage.ANSWER, r"in reply to (the )?end of data|after (end of )?data|end of message"),
    (Stage.SENDER, r"in reply to (the )?mail from|mail from command"),
    (Stage.RECIPIENT, r"in reply to (the )?rcpt to|rcpt to command"),
    (
        Stage.LOGIN,
        r"\bAUTH (LOGIN|PLAIN|XOAUTH2|CRAM-MD5|NTLM)\b|\bEAUTH\b|SASL authentication|smtpauth|"
        r"authenticationexception|authenticationfailed|invalid login",
    ),
    (Stage.DNS, r"ENOTFOUND|getaddrinfo|EAI_AGAIN|EDNS\b"),
    (
        Stage.CONNECT,
        r"ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|connection refused|connect to |"
        r"connect(\(\))? failed|(could not|couldn't|failed to|unable to|cannot) connect",
    ),
    (Stage.TLS, r"certificate|handshake|SSL routines|wrong version number"),
)
_AT = tuple((re.compile(words, re.IGNORECASE), stage) for stage, words in _WORDS_AT)
_ABOUT_LOGIN = re.compile(
    r"authentication (failed|failure|unsuccessful|exception)|authenticat\w+ error|\bpassword\b|"
    r"\bcredentials\b|log ?in (failed|failure|denied)|failed to (log ?in|authenticate)",
    re.IGNORECASE,
)
_ABOUT_RECIPIENT = re.compile(
    r"\brecipient|\brcpt\b|mailbox|\buser\b|account that you tried|destinat|empf(ä|ae)nger",
    re.IGNORECASE,
)
_BY_CODE: Mapping[int, Stage] = {
    535: Stage.LOGIN,
    534: Stage.LOGIN,
    551: Stage.RECIPIENT,
    556: Stage.RECIPIENT,
}
_IMAP_REPLY = re.compile(r"\b(NO|BAD)\b|\(Failure\)")
_XOAUTH2 = re.compile(r"\b(XOAUTH2|OAUTHBEARER)\b|auth=Bearer", re.I)


@dataclass(frozen=True, slots=True)
class Case:
    """What is told. `code` is a reply code, an HTTP status or another program's identifier;
    `context` holds settings: host, port, security, auth, url, from, domain, username."""

    text: str
    protocol: str = ""
    stage: str = ""
    code: str = ""
    enhanced: str = ""
    provider: str = ""
    context: Mapping[str, object] = field(default_factory=dict)


def case_of(told: Mapping[str, object]) -> Case:
    """Read a case from its fields; whatever is missing or of another kind is not known."""
    context = told.get("context")
    return Case(
        text=_text(told, "error_text"),
        protocol=_text(told, "protocol").lower(),
        stage=_text(told, "stage").lower(),
        code=_text(told, "code"),
        enhanced=_text(told, "enhanced_code"),
        provider=_text(told, "provider"),
        context=context if isinstance(context, Mapping) else {},
    )


def symptom_told(case: Case) -> Symptom:
    """What is known by it."""
    protocol = case.protocol if case.protocol in PROTOCOLS else _protocol(case)
    stage = STAGES.get(case.stage) or _stage(case, protocol)
    code = _code(case, protocol)
    enhanced = (
        case.enhanced
        or enhanced_in(case.text)
        or str(case.context.get("enhanced_code_inferred") or "")
    )
    around = _around(case, protocol)
    if stage is Stage.TOKEN and protocol in {"smtp", "imap"}:
        stage = Stage.LOGIN
    symptom = Symptom(
        protocol=protocol,
        stage=stage,
        text=case.text,
        code=code,
        enhanced=enhanced,
        identifier="" if re.fullmatch(r"[45]\d\d", case.code) else case.code,
        provider=case.provider,
        around=around,
    )
    trouble = _trouble(symptom, case)
    return replace(symptom, trouble=trouble, said=symptom.spoken) if trouble else symptom


def _text(told: Mapping[str, object], name: str) -> str:
    value = told.get(name)
    return value.strip() if isinstance(value, str) else str(value or "")


def _protocol(case: Case) -> str:
    text = f"{case.code} {case.text}"
    for protocol, pattern in _PROTOCOLS:
        if pattern.search(text):
            return protocol
    return "smtp" if case.stage in {"mail_from", "rcpt_to", "ehlo", "greeting", "data"} else ""


_PROTOCOLS = tuple(
    (protocol, re.compile(words, re.IGNORECASE))
    for protocol, words in (
        ("oauth", r"AADSTS\d|invalid_grant|invalid_client|unauthorized_client|consent_required"),
        (
            "ews",
            r"\bEWS\b|Exchange\.asmx|schemas\.microsoft\.com/exchange|exchangelib|autodiscover",
        ),
        ("graph", r"graph\.microsoft|MailboxNotEnabledForRESTAPI|Authorization_\w+|sendMail\b"),
        ("gmail_api", r"gmail\.googleapis|accessNotConfigured|GoogleApiException|Gmail API"),
        ("imap", r"\bIMAP4?\b.*\b(NO|BAD|LOGIN)\b|AUTHENTICATIONFAILED"),
        ("smtp", r"(?<![\d.])[45][0-5]\d[ -]|smtp|STARTTLS|EHLO"),
    )
)


def _stage(case: Case, protocol: str) -> Stage | None:
    if protocol == "oauth":
        return Stage.TOKEN
    if protocol in _WEB:
        return Stage.ANSWER
    for pattern, stage in _AT:
        if pattern.search(case.text) or (case.code and pattern.search(case.code)):
            return stage
    return _BY_CODE.get(_code(case, protocol)) or _likely(case, protocol)


def _likely(case: Case, protocol: str) -> Stage | None:
    """The step that such words mostly come from."""
    if protocol == "imap":
        return Stage.LOGIN
    if _ABOUT_LOGIN.search(case.text):
        return Stage.LOGIN
    return Stage.RECIPIENT if _ABOUT_RECIPIENT.search(case.text) else Stage.ANSWER


def _code(case: Case, protocol: str) -> int:
    if re.fullmatch(r"[45]\d\d", case.code):
        return int(case.code)
    if protocol in _WEB or protocol == "oauth":
        found = _STATUS.search(case.text) if not case.code or protocol in _WEB else None
        return int(found[1]) if found else 0
    if not _CLIENT.search(case.text):
        found = _REPLY.search(case.text) or _ONLY_CODE.search(case.text)
        if found:
            return int(found[1])
    inferred = str(case.context.get("code_inferred") or "")
    return int(inferred) if re.fullmatch(r"[45]\d\d", inferred) else 0


def _around(case: Case, protocol: str) -> Circumstances:
    settings = dict(case.context)
    server = _SERVER.search(case.text)
    if not settings.get("port"):
        port = server or _ADDRESS_AND_PORT.search(case.text) or _PORT.search(case.text)
        settings["port"] = port[port.lastindex or 1] if port else ""
    if not settings.get("host") and server and not server[1].replace(".", "").isdigit():
        settings["host"] = server[1]
    if not settings.get("auth") and _XOAUTH2.search(case.text):
        settings["auth"] = "XOAUTH2"
    security = str(settings.get("security", "")).lower()
    settings["security"] = {"ssl": "tls", "implicit": "tls", "ssl/tls": "tls"}.get(
        security, security
    )
    address = settings.get("from") or settings.get("mailbox") or ""
    around = circumstances(protocol, settings, str(address))
    if around.provider:
        return around
    known = provider_called(case.provider)
    return replace(around, provider=PRESETS.get(known.preset)) if known else around


def _trouble(symptom: Symptom, case: Case) -> Trouble:
    """What was seen of the line, unless a server still had its say."""
    is_of_line = symptom.enhanced.startswith(("4.4.", "5.4.")) and not case.code.isdigit()
    if symptom.code and not is_of_line and symptom.protocol != "oauth":
        return Trouble.NONE
    if symptom.enhanced and not is_of_line:
        return Trouble.NONE
    if symptom.protocol == "imap" and _IMAP_REPLY.search(symptom.text):
        return Trouble.NONE
    trouble = trouble_told(symptom.spoken)
    waits_for_tls = symptom.around.port in {465, 2465, 8465} and symptom.around.security != "tls"
    if trouble is Trouble.TIMED_OUT and symptom.stage is Stage.GREETING and waits_for_tls:
        return Trouble.SPEAKS_TLS_AT_ONCE
    return trouble
