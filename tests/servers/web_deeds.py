"""What a web interface may do wrong at each step, for the crash campaign.

No server here says a clear no to a message and takes it all the same: from such a one nobody
could tell that he must not try again. But one may take it and then answer that something broke.
"""

from __future__ import annotations

from tests.servers import gmail, graph
from tests.servers.http_wire import reply
from tests.servers.ledger_deeds import Deed, End, Menu

_HANGS_UP = Deed(end=End.BEFORE)
_TAKES_AND_HANGS_UP = Deed(end=End.UNANSWERED)
_RESETS = Deed(end=End.RESET)
_BUSY = reply(503, b"Service Unavailable", {"Retry-After": "30"})
_ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + b"x" * 2_000_000
_CONTINUES = b"HTTP/1.1 100 Continue\r\n\r\n"


def gmail_menu(slow: float) -> Menu:
    """Of the Gmail API."""
    refuses = gmail.refuses
    return {
        **_before(slow),
        "SEND": (
            *_lost(slow),
            *_broken(refuses(500, "backendError", "Backend Error")),
            *_broken(refuses(502, "badGateway", "Bad Gateway")),
            *_broken(refuses(504, "gatewayTimeout", "Gateway Timeout")),
            *_broken(Deed(reply=reply(200, {"threadId": "1"}))),
            refuses(401, "authError", "Invalid Credentials"),
            refuses(403, "userRateLimitExceeded", "User Rate Limit Exceeded"),
            refuses(429, "rateLimitExceeded", "Too many concurrent requests for user"),
            refuses(429, "rateLimitExceeded", "(Mail sending)", Retry_After="900"),
            refuses(403, "dailyLimitExceeded", "Daily Limit Exceeded"),
            refuses(403, "insufficientPermissions", "Insufficient Permission"),
            refuses(400, "invalidArgument", "Invalid To header"),
            refuses(400, "failedPrecondition", "Mail service not enabled"),
            refuses(503, "backendError", "The service is currently unavailable."),
        ),
    }


def graph_menu(slow: float) -> Menu:
    """Of Microsoft Graph. What prepares a message changes nothing for anybody."""
    refuses = graph.refuses
    refusals = (
        refuses(401, "InvalidAuthenticationToken", "Lifetime validation failed."),
        refuses(429, "ApplicationThrottled", "Too many requests", Retry_After="30"),
        refuses(403, "ErrorAccessDenied", "Access is denied."),
        refuses(503, "serviceNotAvailable", "Try again later", Retry_After="120"),
    )
    preparing = (
        *(_HANGS_UP, _TAKES_AND_HANGS_UP, _RESETS, Deed(waits=slow)),
        refuses(500, "generalException", "An error occurred"),
        *refusals,
    )
    return {
        **_before(slow),
        **dict.fromkeys(("DRAFT", "ATTACH", "UPLOAD", "DELETE", "LOOK"), preparing),
        "SEND": (
            *_lost(slow),
            *_broken(refuses(500, "generalException", "An error occurred")),
            *_broken(refuses(502, "UnknownError", "")),
            *_broken(refuses(504, "GatewayTimeout", "")),
            *_broken(Deed(reply=reply(200, b""))),
            refuses(429, "MailboxConcurrency", "Too many concurrent requests"),
            refuses(403, "ErrorSendAsDenied", "No right to send mail as this one"),
            refuses(400, "ErrorInvalidRecipients", "At least one recipient is not valid."),
            refuses(403, "ErrorExceededMessageLimit", "The daily message limit was exceeded."),
            *refusals,
        ),
    }


def _before(slow: float) -> Menu:
    """What can go wrong before a request is wholly read."""
    return {
        "CONNECT": (_HANGS_UP, _RESETS, Deed(thinks=slow)),
        "HEAD": (_HANGS_UP, _RESETS, Deed(thinks=slow), Deed(reply=_BUSY, end=End.CLOSED)),
        "BODY": (_HANGS_UP, _RESETS, Deed(thinks=slow / 4)),
    }


def _lost(slow: float) -> tuple[Deed, ...]:
    """The answer to a whole request is lost, late, or none."""
    return (
        *(_HANGS_UP, _TAKES_AND_HANGS_UP, _TAKES_AND_HANGS_UP, _RESETS, Deed(end=End.CLOSED)),
        *(Deed(waits=slow), Deed(thinks=slow), Deed(waits=slow, end=End.RESET)),
        *(Deed(trickle=0.001), Deed(unasked=_CONTINUES)),
        *_broken(Deed(reply=b"rubbish\r\n", end=End.CLOSED)),
        *_broken(Deed(reply=_ENDLESS, end=End.CLOSED)),
    )


def _broken(deed: Deed) -> tuple[Deed, Deed]:
    """An answer after which nobody knows: without having taken the message, and with it."""
    return deed, Deed(reply=deed.reply, end=deed.end, takes=True)
