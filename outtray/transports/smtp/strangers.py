"""Who answers where a mail server was expected: another protocol, or another provider.

Told by the first words that it says, which each of them has of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# What servers of other protocols say first, as their standards have it.
_FIRST_WORDS: Mapping[str, re.Pattern[str]] = {
    "imap": re.compile(r"\* (OK|PREAUTH|BYE)\b", re.IGNORECASE),
    "pop3": re.compile(r"\+OK|-ERR", re.IGNORECASE),
    "ssh": re.compile(r"SSH-\d"),
    "http": re.compile(r"HTTP/\d|<!DOCTYPE|<html", re.IGNORECASE),
    "ftp": re.compile(r"(220[ -])?(?=.*ftp)(?!.*\bE?SMTP\b)", re.IGNORECASE | re.DOTALL),
    "lmtp": re.compile(r"(220[ -])?(?=.*\bLMTP\b)(?!.*\bE?SMTP\b)", re.IGNORECASE | re.DOTALL),
    "sieve": re.compile(r'"IMPLEMENTATION"', re.IGNORECASE),
    "database": re.compile(r".{0,8}(mysql|mariadb|postgres)", re.IGNORECASE | re.DOTALL),
}
SPOKEN: Mapping[str, str] = {
    "imap": "an IMAP server, where mail is read",
    "pop3": "a POP3 server, where mail is fetched",
    "ssh": "an SSH server",
    "http": "a web server",
    "ftp": "an FTP server",
    "lmtp": "an LMTP server, which takes mail from inside only",
    "sieve": "a ManageSieve server, for mail filters",
    "database": "a database",
}

# Providers whose servers answer under no other name: in front of any other host, their
# greeting shows that it is not the one that was meant, or that something stands between.
_GREET_AS: Mapping[str, tuple[str, ...]] = {
    "Google": ("gmail.com", "google.com"),
    "Microsoft": ("outlook.com", "office365.com", "hotmail.com"),
    "Yahoo": ("yahoo.com", "yahoodns.net"),
    "AOL": ("aol.com",),
    "Apple": ("icloud.com", "me.com", "apple.com"),
    "GMX": ("gmx.net", "gmx.com"),
    "WEB.DE": ("web.de",),
    "T-Online": ("t-online.de",),
    "Yandex": ("yandex.ru", "yandex.net", "yandex.com"),
    "Mail.ru": ("mail.ru",),
}
# Whose servers always say their own name: any other greeting comes from somewhere else.
_ALWAYS = frozenset({"Google", "Microsoft", "Yahoo", "AOL", "Apple"})

_NAME = re.compile(r"(?<![\w@.-])[a-z0-9-]+(?:\.[a-z0-9-]+)+(?![\w@-])", re.IGNORECASE)


def protocol_of(first_words: str) -> str:
    """The protocol that begins like this, or nothing if none is known."""
    words = first_words.lstrip()
    return next((name for name, sign in _FIRST_WORDS.items() if sign.match(words)), "")


def stranger_in(greeting: str, *, asked_for: str) -> str:
    """Whose server says this, if it is not the one asked for: a provider, or a server's name.

    Most servers may call themselves as they like, so only what cannot be is told.
    """
    name = _calls_itself(greeting)
    answers, expected = _provider(name), _provider(asked_for)
    if answers and answers != expected:
        return answers
    if expected in _ALWAYS and name and answers != expected:
        return name
    return ""


def _calls_itself(greeting: str) -> str:
    found = _NAME.search(greeting.partition("\n")[0])
    return found[0].lower() if found else ""


def _provider(host: str) -> str:
    labels = host.lower().rstrip(".").split(".")
    above = {".".join(labels[start:]) for start in range(len(labels))}
    return next((name for name, domains in _GREET_AS.items() if above & set(domains)), "")
