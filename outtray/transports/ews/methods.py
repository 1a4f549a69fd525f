"""How an Exchange server lets people log in, asked without telling it anybody's name."""

from __future__ import annotations

import importlib.util
import re
from enum import StrEnum

from outtray.lib.sealing import Secret
from outtray.transports.base import Failure, Stage, Trouble
from outtray.transports.ews.door import Door
from outtray.transports.ews.failures import failure_from_nothing, failure_from_page, own_failure
from outtray.transports.web import Answer, NoAnswer


class Method(StrEnum):
    """How to log in, the preferred first."""

    NTLM = "NTLM"
    BASIC = "Basic"
    KERBEROS = "Kerberos"


# Some servers answer an empty request with a page, so this one is whole.
_QUESTION = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
    b' xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"'
    b' xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types">'
    b'<s:Header><t:RequestServerVersion Version="Exchange2013_SP1"/></s:Header>'
    b"<s:Body><m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>"
    b'<m:FolderIds><t:DistinguishedFolderId Id="drafts"/></m:FolderIds></m:GetFolder></s:Body>'
    b"</s:Envelope>"
)
_HEADERS = {"Content-Type": "text/xml; charset=utf-8"}
_SCHEME = re.compile(r"(?:^|, *)(NTLM|Negotiate|Basic|Bearer|Digest)\b", re.IGNORECASE)


def ask_methods(door: Door, uri: str = "") -> tuple[str, ...] | Failure:
    """The methods that the server offers at the address, in small letters."""
    answer = door.ask(
        "POST",
        uri or door.settings.uri,
        headers=_HEADERS,
        content=_QUESTION,
        seconds=door.patience.command,
    )
    if isinstance(answer, NoAnswer):
        return failure_from_nothing(answer, stage=Stage.LOGIN)
    if answer.status != 401:
        return failure_from_page(answer, door.settings.host, stage=Stage.LOGIN)
    return _offered(answer)


def choose(offered: tuple[str, ...], name: str, secret: Secret) -> Method | Failure:
    """The method to log in with: a password where there is one, else this machine's ticket."""
    if not name or not secret.value:
        return _by_ticket(offered)
    if {"ntlm", "negotiate"} & set(offered):
        return Method.NTLM
    if "basic" in offered:
        return Method.BASIC
    return own_failure(
        Trouble.LOGIN_METHOD_MISSING,
        f"the server takes no password ({', '.join(offered) or 'it offers nothing'})",
        stage=Stage.LOGIN,
    )


def _offered(answer: Answer) -> tuple[str, ...]:
    found = _SCHEME.findall(answer.headers.get("www-authenticate", ""))
    return tuple(dict.fromkeys(scheme.lower() for scheme in found))


def _by_ticket(offered: tuple[str, ...]) -> Method | Failure:
    if "negotiate" not in offered:
        text = "without user name and password only Kerberos helps, which is not offered"
    elif importlib.util.find_spec("requests_gssapi") is None:
        text = "without user name and password Kerberos is needed: install outtray[kerberos]"
    else:
        return Method.KERBEROS
    return own_failure(Trouble.LOGIN_METHOD_MISSING, text, stage=Stage.LOGIN)
