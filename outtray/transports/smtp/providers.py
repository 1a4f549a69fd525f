"""What single providers mean by codes and words: one place for each, by their own manuals.

A provider is recognised by the server that we are set up to talk to, or by the name that
the server gives itself in its EHLO answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from outtray.transports.base import Scope, Stage
from outtray.transports.smtp.rules import (
    AFTER_SENDER,
    FINAL,
    GIVEN,
    PASSES,
    RECIPIENT,
    SENDER,
    STAYS,
    Rule,
)


@dataclass(frozen=True, slots=True)
class Provider:
    """Whose servers stand in these domains, and what they mean."""

    name: str
    domains: tuple[str, ...]
    rules: tuple[Rule, ...]


# Microsoft numbers its own reasons far above those of the registry of RFC 5248 (up to 30), so
# these mean the same wherever they are read: learn.microsoft.com, "NDRs in Exchange Online".
MICROSOFT_NUMBERS: tuple[Rule, ...] = (
    Rule(Scope.MAILBOX, PASSES, words=r"SubmissionQuotaExceeded"),
    Rule(Scope.MESSAGE, stages=frozenset(Stage), enhanced=r"5\.4\.3(00|16)"),
    Rule(Scope.RECIPIENT, PASSES, stages=AFTER_SENDER, enhanced=r"5\.2\.12[12]"),
    Rule(Scope.RECIPIENT, stages=AFTER_SENDER, enhanced=r"5\.4\.31\d"),
    Rule(Scope.RECIPIENT, stages=AFTER_SENDER, enhanced=r"5\.7\.(1[23]\d|50[457]|510)"),
    # Who goes on in spite of errors must rest; who may not send as this address must ask.
    Rule(Scope.MAILBOX, PASSES, enhanced=r"5\.2\.25[1345]"),
    Rule(Scope.SENDER, enhanced=r"5\.7\.60|5\.2\.252|5\.7\.(509|515)"),
    Rule(Scope.MAILBOX, PASSES, enhanced=r"[45]\.7\.23\d|5\.1\.90"),
    Rule(Scope.MESSAGE, enhanced=r"5\.7\.(105|35[02]|512|520|703)|5\.1\.20"),
    Rule(Scope.MAILBOX, STAYS, enhanced=r"5\.7\.(57|64|139|506)"),
    # The network, the account or the whole organisation is stopped.
    Rule(Scope.MAILBOX, PASSES, enhanced=r"5\.7\.(50[1238]|51[134]|6\d\d|7\d\d)"),
)

PROVIDERS: tuple[Provider, ...] = (
    # support.google.com/a/answer/3726730
    Provider(
        "google",
        ("gmail.com", "googlemail.com", "google.com"),
        (
            Rule(Scope.RECIPIENT, PASSES, stages=RECIPIENT, words=r"receiving mail|ReceivingRate"),
            Rule(Scope.MAILBOX, PASSES, enhanced=r"5\.7\.[01]", words=r"quota exceeded"),
            Rule(Scope.MAILBOX, STAYS, enhanced=r"5\.7\.0", words=r"(sending|relay) denied"),
            Rule(Scope.MAILBOX, PASSES, enhanced=r"5\.7\.28"),
            Rule(
                Scope.MESSAGE,
                stages=GIVEN,
                codes=FINAL,
                words=r"RFC 5322|unsolicited|From: header",
            ),
        ),
    ),
    # learn.microsoft.com, "SMTP submission improvements", "Non-delivery reports in Exchange"
    Provider(
        "microsoft",
        (
            "office365.com",
            "office365.us",
            "outlook.com",
            "partner.outlook.cn",
            "hotmail.com",
        ),
        (
            Rule(Scope.MAILBOX, STAYS, enhanced=r"5\.7\.30"),
            Rule(Scope.MAILBOX, PASSES, enhanced=r"5\.1\.8"),
            Rule(
                Scope.MAILBOX,
                PASSES,
                stages=GIVEN,
                enhanced=r"5\.2\.2",
                words=r"STOREDRV\.Submission",
            ),
            Rule(Scope.MESSAGE, stages=GIVEN, words=r"MapiExceptionMaxSubmissionExceeded"),
        ),
    ),
    # godaddy.com/help, "email bounceback and error codes": the IB numbers
    Provider(
        "godaddy",
        ("secureserver.net",),
        (
            Rule(Scope.MAILBOX, PASSES, words=r"\bIB607\b"),
            Rule(Scope.SENDER, words=r"\bIB50[68]\b"),
        ),
    ),
    # zoho.com/mail/help, "SMTP error codes"
    Provider(
        "zoho",
        ("zoho.com", "zoho.eu", "zoho.in", "zoho.com.au", "zohocloud.ca"),
        (
            Rule(Scope.MAILBOX, PASSES, enhanced=r"5\.4\.6", words=r"unusual|sending"),
            Rule(Scope.MAILBOX, PASSES, enhanced=r"5\.1\.8", words=r"block"),
            Rule(Scope.SENDER, words=r"relaying disallowed as"),
        ),
    ),
    # docs.aws.amazon.com/ses, "Amazon SES SMTP response codes": a throttled 454 has two reasons
    Provider(
        "amazon_ses",
        ("amazonaws.com",),
        (
            Rule(Scope.SERVER, PASSES, words=r"maximum sending rate"),
            Rule(Scope.MAILBOX, STAYS, words=r"access denied|not authorized to perform"),
        ),
    ),
    # docs.sendgrid.com, "SMTP errors and troubleshooting": a plan that is used up fails the login
    Provider(
        "sendgrid",
        ("sendgrid.net",),
        (Rule(Scope.MAILBOX, PASSES, stages=frozenset(Stage), words=r"credits exceeded"),),
    ),
    # documentation.mailgun.com: a test domain is refused with 421, for good
    Provider(
        "mailgun",
        ("mailgun.org", "mailgun.net"),
        (Rule(Scope.SENDER, STAYS, words=r"sandbox|is not allowed to send"),),
    ),
    # postmarkapp.com/developer, "API error codes"; they come in SMTP replies too
    Provider(
        "postmark",
        ("postmarkapp.com",),
        (
            Rule(Scope.RECIPIENT, STAYS, words=r"inactive recipient"),
            Rule(Scope.MAILBOX, PASSES, words=r"not allowed to send|pending approval"),
        ),
    ),
    # help.163.com and service.mail.qq.com, lists of return codes
    Provider(
        "netease",
        ("163.com", "126.com", "yeah.net", "qq.com"),
        (
            Rule(Scope.SENDER, stages=SENDER | GIVEN, words=r"\bDT:SUM\b|mail from must equal"),
            Rule(Scope.MAILBOX, PASSES, words=r"\b(MI:(STC|SFQ)|RP:QRC)\b|frequency limited"),
        ),
    ),
)


def provider_of(host: str) -> Provider | None:
    """The provider whose server this is."""
    labels = host.lower().rstrip(".").split(".")
    above = {".".join(labels[start:]) for start in range(len(labels))}
    return next((one for one in PROVIDERS if above.intersection(one.domains)), None)


def rules_of(host: str) -> tuple[Rule, ...]:
    """What the provider of this server means by its codes and words, before all general rules."""
    provider = provider_of(host)
    return (*(provider.rules if provider else ()), *MICROSOFT_NUMBERS)
