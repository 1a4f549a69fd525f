"""What tells that the sender is the trouble: address, domain, account."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs import Sign
from outtray.transports.base import Stage

_MESSAGE = (Stage.SENDER, Stage.RECIPIENT, Stage.CONTENT, Stage.ANSWER)

SAID = (
    Sign(
        Cause.IP_BLOCKLISTED,
        words=r"(client host|\bip\b).{0,40}(blocked|bloqu|banned|listed|gesperrt).{0,40}spam",
    ),
    Sign(
        Cause.DMARC_POLICY_REJECT,
        words=r"dmarc",
    ),
    Sign(Cause.DMARC_POLICY_REJECT, enhanced=("5.7.509",)),
    Sign(
        Cause.SPF_OR_DKIM_MISSING,
        words=r"\bspf\b|\bdkim\b|authentication (information|checks)|sender id\b|unauthenticated"
        r" (email|mail) from",
        codes=(4, 5),
        stages=(*_MESSAGE, Stage.GREETING),
    ),
    Sign(Cause.SPF_OR_DKIM_MISSING, enhanced=("5.7.26", "5.7.23", "5.7.515", "5.7.20")),
    Sign(
        Cause.ACCOUNT_SUSPENDED_SPAM,
        words=r"(account|mailbox|sender|user|you).{0,60}(suspend|disabled|blocked|restricted)"
        r".{0,60}(spam|abuse)|suspected of sending spam|bad outbound sender|outbound spam"
        r"|(suspended|blocked|locked) (due to|for|because of) (spam|abuse|suspicious)",
    ),
    Sign(Cause.ACCOUNT_SUSPENDED_SPAM, words=r"access denied", enhanced=("5.1.8",)),
    Sign(Cause.ACCOUNT_SUSPENDED_SPAM, enhanced=("5.7.501", "5.7.502", "5.7.503")),
    Sign(Cause.ACCOUNT_SUSPENDED_SPAM, enhanced=("5.7.708", "5.7.705", "5.7.750")),
    Sign(Cause.SANDBOX_MODE, words=r"sandbox|test (mode|purposes)"),
    Sign(
        Cause.SENDER_NOT_VERIFIED,
        words=r"(address|domain|identity|sender).{0,60}not.{0,20}verified|verified sender"
        r"|sender signature|unverified (sender|domain|address)|not.{0,20}confirmed sender",
    ),
    Sign(
        Cause.SENDER_NOT_ALLOWED,
        words=r"send ?as ?denied|not (allowed|permitted|authori[sz]ed) to send (as|from|mail as)"
        r"|permissions? to send as|not owned by|sender address (does not|must) match"
        r"|(from|sender).{0,60}(not allowed|not match|mismatch|differs|not permitted)"
        r"|envelope from.{0,40}(user|login)|must (be|equal).{0,30}(login|authenticat)"
        r"|absender.{0,40}(nicht|stimmt)|exp[ée]diteur.{0,40}(non|pas) autoris"
        r"|mail from must equal authorized user|remitente.{0,40}no.{0,20}(permit|autoriz)",
        stages=_MESSAGE,
    ),
    Sign(Cause.SENDER_NOT_ALLOWED, enhanced=("5.7.60", "5.2.252")),
    Sign(
        Cause.SENDER_DOMAIN_INVALID,
        words=r"sender.{0,60}(domain|address).{0,40}(not exist|not found|resolve|invalid"
        r"|fully.?qualified)|(from|sender):? domain is invalid|invalid dns|domain of sender"
        r"|sender (domain )?(verify|address) (failed|rejected: (domain|need))",
        stages=_MESSAGE,
    ),
    Sign(Cause.SENDER_DOMAIN_INVALID, enhanced=("5.1.8", "4.1.8", "5.1.7", "5.7.27")),
    Sign(
        Cause.RELAY_DENIED,
        words=r"relay(ing)? (access )?(denied|not|prohibit|disallow)|unable to relay"
        r"|not configured to relay|(no|cannot|not) relay|relay not permitted|we do not relay"
        r"|not (permitted|allowed|authori[sz]ed) to relay|gateway to your|rcpthosts",
    ),
    Sign(
        Cause.HELO_REJECTED,
        words=r"\b(helo|ehlo)\b.{0,60}(reject|invalid|denied|refus|bad|listed|need|argument)"
        r"|(invalid|bad|reject).{0,40}\b(helo|ehlo)\b",
    ),
    Sign(Cause.HELO_REJECTED, stages=(Stage.EHLO,), codes=(501, 504, 550, 553, 554)),
    Sign(
        Cause.PTR_MISSING,
        words=r"\bptr\b|reverse.?(dns|lookup|mapping|hostname)|rdns|ip name lookup"
        r"|client host.{0,30}cannot find your|no dns entry|cannot find your (hostname|reverse)",
    ),
    Sign(Cause.PTR_MISSING, enhanced=("5.7.25", "4.7.25")),
)
