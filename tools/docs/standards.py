"""The standards that the code names, and how far each is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tools.docs.source import modules

_NAMED = re.compile(r"RFC (\d+)((?:(?:,| and)? §[0-9A-Za-z.]*[0-9A-Za-z])*)")
_SECTION = re.compile(r"§([0-9A-Za-z.]+)")


@dataclass(frozen=True, slots=True)
class Standard:
    """How far we keep one: `kept` is yes or partly, `how` what that means here."""

    title: str
    kept: str
    how: str


KEPT: Mapping[int, Standard] = {
    1870: Standard(
        "SMTP size declaration",
        "yes",
        "The size is declared with MAIL where SIZE is "
        "offered; what is larger than the server's limit is not sent at all.",
    ),
    1952: Standard(
        "GZIP file format",
        "partly",
        "Of such attachments the name in the header is read and judged; zlib unpacks them.",
    ),
    2045: Standard(
        "MIME: format of bodies",
        "yes",
        "Every part is 7-bit: base64 or quoted-printable, in lines of at most 76 characters.",
    ),
    2046: Standard("MIME: media types", "yes", "mixed, related and alternative, in that nesting."),
    2047: Standard(
        "MIME: encoded words in headers",
        "yes",
        "UTF-8, whole characters, at most 75 characters a word; never inside an address.",
    ),
    2231: Standard(
        "MIME: parameter values",
        "yes",
        "File names that are not ASCII, in numbered "
        "pieces, with a plain name beside them for old programs.",
    ),
    2342: Standard(
        "IMAP4 namespace",
        "partly",
        "Not asked for; a Sent folder that has to be made is tried on its own and below the inbox.",
    ),
    2392: Standard(
        "Content-ID and Message-ID URLs",
        "yes",
        "Pictures within a letter come along and are named by `cid:`; none is fetched.",
    ),
    2782: Standard(
        "DNS: location of services",
        "yes",
        "Priority and weight order the servers; weight is not a lottery, for one is enough.",
    ),
    2920: Standard(
        "SMTP pipelining",
        "yes",
        "MAIL, RCPT and DATA in one flight where offered; "
        "answers are read in order, and a DATA that was accepted with no recipient is "
        "ended empty.",
    ),
    3207: Standard(
        "SMTP over TLS (STARTTLS)",
        "yes",
        "Required where it is set; what was said "
        "before TLS is forgotten; anything sent in the clear after STARTTLS ends the "
        "connection.",
    ),
    3463: Standard(
        "Enhanced status codes",
        "yes",
        "Read from every answer, and believed before the plain code where they say more.",
    ),
    3501: Standard(
        "IMAP4rev1",
        "partly",
        "To look for a message: LIST, EXAMINE and SEARCH over TLS. What was sent is put into the "
        "Sent folder by APPEND where nobody else does it; nothing else is changed.",
    ),
    3676: Standard(
        "Format=flowed",
        "partly",
        "Only its sign for a signature is known; text is sent as fixed lines.",
    ),
    4180: Standard(
        "CSV",
        "partly",
        "Read with commas, semicolons, tabs or bars, in several encodings; quotes as it says.",
    ),
    4616: Standard("SASL PLAIN", "yes", "Over TLS only."),
    4954: Standard("SMTP authentication", "partly", "PLAIN and LOGIN. No other mechanism yet."),
    5248: Standard(
        "Registry of enhanced status codes",
        "yes",
        "What it lists says whom a refusal concerns; numbers beyond it are read as their "
        "provider means them.",
    ),
    5280: Standard(
        "X.509 certificates",
        "partly",
        "The demo's throw-away authority writes what "
        "strict verification asks for. Verification itself is OpenSSL's.",
    ),
    5321: Standard(
        "SMTP",
        "yes",
        "As a client: states, limits, time-outs and the meaning of "
        "replies. As a server only in the demo.",
    ),
    5322: Standard(
        "Internet message format",
        "yes",
        "Written strictly; obsolete forms are read, never written.",
    ),
    5530: Standard(
        "IMAP response codes", "partly", "Read in a refusal that somebody tells, to judge it."
    ),
    5929: Standard(
        "Channel bindings for TLS",
        "partly",
        "tls-server-end-point, with NTLM, so that nobody in between can pass a login on.",
    ),
    6052: Standard(
        "IPv6 addresses of IPv4/IPv6 translators",
        "partly",
        "The well-known prefix is looked through, so that it hides no private address.",
    ),
    5801: Standard(
        "SASL mechanisms of the GS2 family",
        "partly",
        "The header that names the account in OAUTHBEARER; nothing is bound to the channel.",
    ),
    6154: Standard(
        "IMAP: special-use mailboxes",
        "partly",
        "The Sent folder is taken from its use, otherwise from its usual names.",
    ),
    6186: Standard(
        "Locating email services by SRV",
        "yes",
        "Submission and IMAP. A person confirms a server that lies outside the mail domain.",
    ),
    6376: Standard(
        "DKIM",
        "partly",
        "Looked for in the name service under the selectors that the provider is known to use; "
        "signing is the provider's.",
    ),
    6409: Standard("Message submission", "yes", "As a client."),
    6531: Standard(
        "SMTP for internationalised email",
        "yes",
        "SMTPUTF8 is asked for only where a "
        "local part needs it; where it is not offered, the email fails with that reason.",
    ),
    6532: Standard(
        "Internationalised headers", "yes", "Only in messages that need SMTPUTF8 anyway."
    ),
    6749: Standard(
        "OAuth 2.0",
        "yes",
        "As a client: authorization code, renewal, client credentials. The two grants that the "
        "best practice (RFC 9700) advises against are not there.",
    ),
    6750: Standard(
        "OAuth 2.0 bearer tokens",
        "partly",
        "Sent in the header alone, over TLS; the words of a refusal are read to explain it.",
    ),
    7009: Standard(
        "OAuth 2.0 token revocation",
        "yes",
        "At Disconnect, where the provider has it: Google has, Microsoft has not.",
    ),
    7208: Standard(
        "SPF",
        "partly",
        "Read as advice: several records, +all, more than 10 look-ups, the provider missing. No "
        "address is evaluated.",
    ),
    7372: Standard(
        "Status codes for message authentication",
        "yes",
        "They concern the sender and its domain, not this message.",
    ),
    7489: Standard(
        "DMARC",
        "partly",
        "Read as advice: record, policy and alignment, of the domain or of one above it.",
    ),
    7505: Standard(
        "Null MX",
        "partly",
        "A domain that takes no mail fails its recipient when the server says so; it is not "
        "looked up.",
    ),
    7515: Standard(
        "JSON Web Signature",
        "partly",
        "Made, never checked: RS256 for Google's service accounts, PS256 for Microsoft's "
        "certificates.",
    ),
    7519: Standard(
        "JSON Web Token",
        "partly",
        "What a token says of itself is read to explain a refusal, and believed for nothing else.",
    ),
    7523: Standard(
        "JWT for OAuth 2.0 client authentication and grants",
        "yes",
        "A certificate in place of a client secret, and a service account's delegation.",
    ),
    7628: Standard(
        "SASL for OAuth",
        "yes",
        "OAUTHBEARER where the server offers it and not the older XOAUTH2.",
    ),
    7636: Standard("PKCE", "yes", "Always, with S256."),
    8305: Standard(
        "Happy Eyeballs",
        "partly",
        "Addresses are tried side by side, a quarter of a second apart, IPv6 and IPv4 in turn; "
        "the names are looked up by the system, both kinds together.",
    ),
    8314: Standard(
        "Clear text considered obsolete",
        "yes",
        "No password ever leaves without TLS; port 465 is TLS from the start.",
    ),
    8615: Standard("Well-known addresses", "partly", "Asked for autoconfig's settings."),
    8628: Standard(
        "OAuth 2.0 device authorization", "partly", "Its wish to slow down is understood."
    ),
    9110: Standard(
        "HTTP semantics",
        "partly",
        "As a client: no redirect is followed, and headers in several lines are one list.",
    ),
    9457: Standard("Problem details for HTTP APIs", "yes", "Every error of the API."),
    9562: Standard("UUIDs", "yes", "Version 7, monotonic within a process."),
    9700: Standard(
        "Best practice for OAuth 2.0 security",
        "yes",
        "PKCE, a state of one use bound to the person, an address to come back to for each "
        "provider, exact addresses, no implicit and no password grant.",
    ),
}


def named() -> Mapping[int, Mapping[str, list[str]]]:
    """Every RFC that the code names: its sections, and the modules that name each."""
    found: dict[int, dict[str, list[str]]] = {}
    for path, text in modules():
        module = ".".join(path.with_suffix("").parts)
        for number, tail in _NAMED.findall(text):
            for section in _SECTION.findall(tail) or [""]:
                places = found.setdefault(int(number), {}).setdefault(section, [])
                if module not in places:
                    places.append(module)
    return dict(sorted(found.items()))


def page() -> str:
    parts = [
        "# Standards",
        "Every RFC that the code names, how far it is kept, and where. The code names sections as "
        "`RFC 5321 §4.2.1`.",
    ]
    for number, sections in named().items():
        standard = KEPT[number]
        rows = [
            f"| {f'§{section}' if section else 'as a whole'} | "
            f"{', '.join(f'`{place}`' for place in places)} |"
            for section, places in sorted(sections.items(), key=lambda pair: _order(pair[0]))
        ]
        parts += [
            f"## [RFC {number}](https://www.rfc-editor.org/rfc/rfc{number}): {standard.title}",
            f"Kept: **{standard.kept}**. {standard.how}",
            "\n".join(["| Section | Named in |", "|---|---|", *rows]),
        ]
    return "\n\n".join(parts)


def _order(section: str) -> list[tuple[int, str]]:
    return [(int(step), "") if step.isdigit() else (0, step) for step in section.split(".")]
