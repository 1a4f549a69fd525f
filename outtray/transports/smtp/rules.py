"""What a no means and for whom, as tables that are read from the top: the first rule that
fits counts.

Codes come first, as the standards assign them (RFC 5321 §4.2, RFC 3463, and the registry of
RFC 5248 in which later standards entered theirs). Words count only where a standard or
widely used server software has them, or where they are proper names such as DMARC; what one
provider alone means by a code or a word stands in `providers.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from outtray.mail.reply import Reply
from outtray.transports.base import Scope, Stage

FIRST = frozenset({Stage.CONNECT, Stage.GREETING, Stage.EHLO})
TLS = frozenset({Stage.TLS})
LOGIN = frozenset({Stage.LOGIN})
SENDER = frozenset({Stage.SENDER})
RECIPIENT = frozenset({Stage.RECIPIENT})
GIVEN = frozenset({Stage.CONTENT, Stage.ANSWER})
ENVELOPE = SENDER | RECIPIENT | GIVEN
AFTER_SENDER = RECIPIENT | GIVEN

PASSING = range(400, 500)
FINAL = range(500, 600)

PASSES, STAYS = True, False  # whatever the first digit says

# A server repeats addresses, and what somebody chose as an address is no word of the server.
_ADDRESSES = re.compile(
    r"<[^<>\s]*@[^<>\s]*>|[^\s<>()\[\]]+@[^\s<>()\[\]]+|\[?\b\d{1,3}(?:\.\d{1,3}){3}\b\]?"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Fits where all that it names fits.

    `is_temporary` None leaves it to the first digit. A failure that concerns the mailbox and
    is temporary makes it rest: a quota, a block. One that is not waits for a person.
    """

    scope: Scope
    is_temporary: bool | None = None
    stages: frozenset[Stage] = ENVELOPE
    codes: frozenset[int] | range = frozenset()
    enhanced: str = ""
    words: str = ""

    def fits(self, reply: Reply, stage: Stage) -> bool:
        return (
            stage in self.stages
            and (not self.codes or reply.code in self.codes)
            and (not self.enhanced or bool(re.fullmatch(self.enhanced, reply.enhanced_code)))
            and (not self.words or bool(re.search(self.words, spoken(reply.text), re.IGNORECASE)))
        )


@lru_cache(maxsize=64)
def spoken(text: str) -> str:
    """A server's own words: without addresses of mail or machines, in one line."""
    return _ADDRESSES.sub(" ", text).replace("\n", " ")


def _codes(*codes: int) -> frozenset[int]:
    return frozenset(codes)


_ANYWHERE = frozenset(Stage)

BY_CODE: tuple[Rule, ...] = (
    # The delivery was tried for so long by somebody else that he gave up (RFC 3463 §3.5).
    Rule(Scope.MESSAGE, stages=_ANYWHERE, enhanced=r"5\.4\.7"),
    # The server is closing (RFC 5321 §3.8), whatever it was asked.
    Rule(Scope.SERVER, PASSES, stages=_ANYWHERE, codes=_codes(421)),
    # A new password must be set first (RFC 4954 §6); elsewhere Exchange says 432 for too many
    # connections.
    Rule(Scope.MAILBOX, STAYS, stages=LOGIN, codes=_codes(432), enhanced=r"4\.7\.12"),
    Rule(Scope.SERVER, PASSES, stages=_ANYWHERE, codes=_codes(432)),
    # A login or an encryption that is out of order just now (RFC 4954 §6), not a wrong one.
    Rule(Scope.SERVER, PASSES, stages=LOGIN | TLS, codes=PASSING),
    # A name or a command that this server does not take from us (RFC 5321 §4.1.1.1).
    Rule(Scope.MAILBOX, STAYS, stages=FIRST, codes=range(500, 505)),
    # Not logged in, or without encryption (RFC 4954 §6, RFC 3207 §4).
    Rule(Scope.MAILBOX, STAYS, codes=_codes(523, 530, 534, 535, 538)),
    Rule(Scope.MAILBOX, STAYS, enhanced=r"[45]\.7\.(8|10|11|12)"),
    # Commands in an order that it does not like: confusion, which a new line may end.
    Rule(Scope.SERVER, PASSES, codes=_codes(503), enhanced=r"(5\.5\.\d+)?", words=r"\A(?!.*auth)"),
    # Someone else's mailbox (RFC 3463 §3.2 and §3.3, RFC 7505), at whatever later step.
    Rule(Scope.RECIPIENT, stages=AFTER_SENDER, enhanced=r"[45]\.(1\.([12346]|10)|2\.[124])"),
    Rule(Scope.RECIPIENT, stages=AFTER_SENDER, enhanced=r"[45]\.7\.(2|13|17|18)"),
    Rule(Scope.RECIPIENT, stages=AFTER_SENDER, codes=_codes(521, 556)),
    # Our own mailbox, which is full or closed.
    Rule(Scope.MAILBOX, PASSES, stages=SENDER, enhanced=r"[45]\.2\.2"),
    Rule(Scope.MAILBOX, STAYS, stages=SENDER, enhanced=r"5\.(2\.1|7\.13)"),
    # Too large, as a whole or for this recipient (RFC 1870 §6.2, RFC 3463 §3.3 and §3.4).
    Rule(Scope.MESSAGE, enhanced=r"[45]\.(3\.[34]|2\.3)"),
    # The content cannot be carried (RFC 3463 §3.7).
    Rule(Scope.MESSAGE, enhanced=r"[45]\.6\.\d+"),
    # The server's own state: disk, overload, being shut down (RFC 3463 §3.4 and §3.5).
    Rule(Scope.SERVER, PASSES, enhanced=r"4\.3\.\d+|5\.3\.[12]"),
    Rule(Scope.MESSAGE, stages=SENDER | GIVEN, codes=_codes(552)),
    # RFC 5321 §4.5.3.1.10: too many at a time is a matter of trying the rest again.
    Rule(Scope.RECIPIENT, PASSES, stages=RECIPIENT, enhanced=r"[45]\.5\.3"),
    # Congestion that is said to be final is a limit of ours: Gmail, IONOS, web hosts.
    Rule(Scope.MAILBOX, PASSES, enhanced=r"5\.4\.5"),
    # Our address or its domain (RFC 3463 §3.2), or what vouches for it (RFC 7372 §3).
    Rule(Scope.SENDER, enhanced=r"5\.1\.[78]"),
    Rule(Scope.MAILBOX, STAYS, enhanced=r"5\.7\.25"),
    Rule(Scope.SENDER, enhanced=r"5\.7\.(2[0-4]|26|27|29)"),
)

# Signs of trust that belong to a sending domain, and the machinery that checks them.
_VOUCHING = (
    r"\b(SPF|DKIM|DMARC|sender policy framework)\b|authentication (checks|information)|anti-?spoof"
)
_BLOCK_LISTS = (
    r"spamhaus|spamcop|barracudacentral|sorbs\.net|\b(dns|rh?s?)bls?\b|\bblo(c|ck)[ -]?list|"
    r"\bblack[ -]?list|\bsperrliste|\bliste noire|\blista negra|"
    r"\b(ip|client host|client|your (host|server|network))\b[^.;]{0,60}"
    r"\b(block|ban|list|bloqu|gesperrt|reject|not accepted|refus)|"
    r"\b(sending|source|your) (ip|network|host)\b|\breputation\b|\bdynamic ips?\b|open proxy|"
    r"\bmail server\b.{0,20}\b(is|was) (blocked|banned|listed)"
)
_OF_TIME = (
    r"\b(daily|hourly|monthly|today|24[ -]?h(ou)?rs?|"
    r"(per|an|each|this|in the last) (hour|day|month))\b"
)
_OF_SENDING = r"\b(send|sending|sent|submission|outgoing|outbound|relay)\b"
_LIMIT = r"\b(limits?|quotas?|exceed(s|ed)?|allowance|threshold|maximum)\b"
_LIMITS = (
    rf"({_OF_TIME}|{_OF_SENDING}).{{0,60}}{_LIMIT}|{_LIMIT}.{{0,60}}({_OF_TIME}|{_OF_SENDING})|"
    r"too many (messages|recipients|(e-?)?mails)\b.{0,20}\b(hour|day|today)|"
    r"(tages|stunden|versand|sende)-?(limit|kontingent)|"
    r"\b(limite|quota|plafond)\b.{0,20}(d'envoi|journali|horaire|quotidien|giornalier|di invio)|"
    r"l[ií]mite\b.{0,20}(diario|de env[ií]o|por (hora|d[ií]a))|"
    r"\b(credits?|plan|subscription)\b.{0,30}(exceeded|exhausted|used up|expired|insufficient)|"
    r"(maximum|not enough|insufficient|no (more )?) credits?\b"
)
_OF_SENDER = (
    r"\b(accounts?|konto|compte|cuenta|suspended|suspendu|paused|ips?|reputation|limits?|quotas?)\b|"
    r"\b(your|sending|client) (network|host|server|domain)\b|\bblo(c|ck)[ -]?list"
)
_OWN = r"\b(your|the sender'?s?|sender|sending|originating|outgoing|outbound)\b"
_LATER = (
    r"\b(try|retry|resend|again)\b.{0,15}\blater\b|(try|retry) (it )?(again )?(in|after) \d|"
    r"sp(ä|ae)ter (erneut|noch ?mal|wieder)|(r[ée]essaye|essaye)\w*.{0,20}plus tard|"
    r"(m[áa]s|pi[ùu]) tard[ei]|temporarily (deferred|rejected|unavailable|blocked)|throttl|"
    r"\brate limit|\bat a rate\b|slow(ing)? down|\bslower\b|too (fast|quickly)|gr[ea]y-?list|"
    r"(too many|trop de)( \w+){0,2} (connections|connexions|sessions|errors)|connection limit|"
    r"too many (messages|(e-?)?mails)\b.{0,20}\b(short|period|minute|second)"
)

BY_WORDS: tuple[Rule, ...] = (
    # Postfix and Exim asked the recipient's server and quote it: its words are about theirs.
    Rule(
        Scope.RECIPIENT,
        stages=RECIPIENT,
        words=r"(undeliverable|unverified) address|recipient (address )?verif|callout",
    ),
    Rule(
        Scope.RECIPIENT,
        stages=AFTER_SENDER,
        words=r"\b(recipient|empf(ä|ae)nger|destinat(aire|ario))('?s)? "
        r"(account|mailbox|user|inbox)\b.{0,20}"
        r"\b(suspended|disabled|locked|blocked|closed|inactive|full|over quota)\b",
    ),
    # Exchange's own name for what recipients and groups restrict.
    Rule(Scope.RECIPIENT, stages=AFTER_SENDER, words=r"RESOLVER\.RST"),
    Rule(
        Scope.RECIPIENT,
        stages=AFTER_SENDER,
        words=r"not (allowed|permitted|authori[sz]ed) to (send|deliver)( (e-?)?mails?| messages?)? "
        r"to\b|(blocked|black ?listed|rejected) by (the )?(recipient|user)|recipient preferences|"
        r"\bsender\b.{0,60}\b(by|of|for|to) (this|the) (recipient|group|list|mailbox)\b",
    ),
    Rule(
        Scope.RECIPIENT,
        PASSES,
        stages=RECIPIENT,
        words=r"recipient.{0,40}(exceeded|too many).{0,80}(receive|per hour)",
    ),
    Rule(
        Scope.RECIPIENT,
        PASSES,
        stages=RECIPIENT,
        words=r"too many recipients(?!.{0,30}\b(hour|day|today)\b)|gr[ea]y-?list",
    ),
    # Links and domains in a text are listed too; that concerns the text.
    Rule(
        Scope.MESSAGE,
        stages=GIVEN,
        words=r"\b(DBL|SURBL|URIBL)\b|spam (url|link)|\b(url|link)s?\b.{0,40}(list|block)|"
        r"(list|block)ed (url|link)s?\b",
    ),
    Rule(
        Scope.MESSAGE,
        stages=SENDER | GIVEN,
        words=r"\bsize\b.{0,30}\b(limit|exceed|maximum)|too (large|big)\b|zu gro(ß|ss)",
        codes=FINAL,
    ),
    Rule(Scope.MAILBOX, STAYS, words=r"\b(HELO|EHLO)\b", codes=FINAL, stages=FIRST | ENVELOPE),
    Rule(
        Scope.MAILBOX,
        words=r"\bPTR\b|\brDNS\b|reverse (dns|hostname|lookup|mapping)|"
        r"cannot (find|resolve) your\b",
        codes=FINAL,
        stages=FIRST | ENVELOPE,
    ),
    Rule(Scope.SENDER, words=_VOUCHING, codes=FINAL),
    # A limit of the account, whatever the first digit: it passes with its window.
    Rule(Scope.MAILBOX, PASSES, words=_LIMITS, stages=ENVELOPE | FIRST),
    Rule(Scope.MAILBOX, PASSES, words=r"\bcredits? exceeded", stages=LOGIN),
    # Congestion that names no limit of ours is the server's own (RFC 3463 §3.5).
    Rule(Scope.SERVER, PASSES, enhanced=r"4\.4\.5"),
    # A message that is blocked for what it holds, and nobody for having sent it.
    Rule(
        Scope.MESSAGE,
        stages=GIVEN,
        codes=FINAL,
        words=rf"\A(?!.*({_OF_SENDER}))(?=.*\b(message|e-?mail|mail|nachricht|courriel)\b)"
        r".*\b(spam|junk|virus|malware|phishing|attachments?|attached|anhang|pi[èe]ce jointe)\b",
    ),
    Rule(
        Scope.MAILBOX,
        PASSES,
        codes=FINAL,
        words=rf"{_OWN}.{{0,30}}\b(account|mailbox|inbox|user|domain|messages?|mails?)?\b.{{0,30}}"
        r"\b(suspended|disabled|deactivated|blocked|paused|restricted|locked|gesperrt|bloqu\w*|full|"
        r"over quota)\b|bad outbound sender|\b(account|sending)\b.{0,20}\b(suspended|paused)|"
        r"\b(outgoing|outbound|sending)\b.{0,20}\b(suspension|suspended)",
    ),
    Rule(
        Scope.MAILBOX,
        PASSES,
        codes=FINAL,
        stages=SENDER | GIVEN,
        words=r"\b(account|konto|compte|cuenta)\b.{0,40}\b"
        r"(gesperrt|suspendu|bloqu\w*|suspendida|spam|abuse|suspicious|for sending)\b",
    ),
    Rule(Scope.MAILBOX, PASSES, words=_BLOCK_LISTS, codes=FINAL, stages=ENVELOPE),
    Rule(
        Scope.MAILBOX,
        STAYS,
        stages=SENDER | TLS | FIRST,
        words=r"\bSTARTTLS\b|\b(TLS|SSL|encrypt\w*|secure connection)\b.{0,40}\b(required|needed)|"
        r"\b(must|only|requires?|without)\b.{0,40}\b(TLS|SSL|encrypt)",
    ),
    # Logging in comes first, or the server is not ours (Postfix, Exim, qmail, Exchange).
    Rule(
        Scope.SENDER,
        codes=FINAL,
        words=r"sender address rejected: (?!not logged in)|not owned by (auth )?user",
    ),
    Rule(
        Scope.MAILBOX,
        STAYS,
        codes=FINAL,
        words=r"(?<![\w.-])(relay(ing|ed)?|relais)(?![\w-]*\.\w|-)|rcpthosts|not logged in|"
        r"client host rejected|basic authentication|"
        r"authenticat\w* (is )?(required|needed|first)|requires? authentication|"
        r"(not|must|please|need to|have to) (be )?authenticat|unauthenticated senders?|"
        r"\bauth (is )?(required|needed|first)|\bsmtp auth(entication)?\b|\bauth command\b|"
        r"\blog ?in (first|required)|"
        r"(anmeldung|authentifizierung) (ist )?(erforderlich|n(ö|oe)tig)|"
        r"authentification (est )?(requise|n[ée]cessaire)|authentifiez|"
        r"autenticaci[óo]n (es )?(requerida|necesaria)|autenticazione (è )?(richiesta|necessaria)",
    ),
    Rule(
        Scope.SENDER,
        codes=FINAL,
        words=r"send ?as(?=denied|\b)|sender verif(y|ication) failed|not one of your|"
        r"not (allowed|permitted|authori[sz]ed) to (send|use)\b|"
        r"\b(address|identity|domain|sender)\b.{0,40}\bnot\b.{0,15}\b(verified|confirmed)|"
        r"verified sender|sender (identity|signature)|unauthori[sz]ed sender|"
        r"unverified (sender|address|domain)|"
        r"\b(from|sender)( address)?\b.{0,20}\b(not|mismatch|must)\b.{0,20}"
        r"\b(allowed|permitted|authori[sz]ed|match|equal|accepted|valid)|"
        r"absender.{0,60}nicht|exp[ée]diteur.{0,40}(non|pas) autoris|"
        r"adresse d'exp[ée]diteur|remitente.{0,40}\bno\b.{0,20}(permit|autoriz)|"
        r"mittente.{0,40}non.{0,20}autoriz",
    ),
    # A final code, but the server itself asks for another try.
    Rule(Scope.RECIPIENT, PASSES, stages=RECIPIENT, codes=FINAL, words=_LATER),
    Rule(Scope.SERVER, PASSES, stages=SENDER | GIVEN | FIRST, codes=FINAL, words=_LATER),
)

BY_STAGE: tuple[Rule, ...] = (
    # Passing trouble is not the sender's fault, nor the message's.
    Rule(Scope.SERVER, PASSES, stages=SENDER | GIVEN, codes=PASSING),
    # Before the login a server refuses this network, or is out of order: nobody can send.
    Rule(Scope.SERVER, stages=FIRST),
    Rule(Scope.SENDER, stages=SENDER),
    Rule(Scope.RECIPIENT, stages=RECIPIENT),
    Rule(Scope.MESSAGE, stages=GIVEN | {Stage.SIZE}),
    # Whatever else is refused, it is this way of sending.
    Rule(Scope.MAILBOX, stages=frozenset(Stage)),
)
