"""Sending services: their SMTP replies and their web interfaces, by their own manuals."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.provider import Provider
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage

_LOGIN = (Stage.LOGIN,)


def _key(en: str, de: str) -> dict[str, tuple[str, ...]]:
    return {
        "en": (en, "Press Validate again."),
        "de": (de, "Drücken Sie erneut auf Validate."),
    }


PROVIDERS = (
    # Its response codes are listed at docs.aws.amazon.com/ses.
    Provider(
        "amazon_ses",
        called=("amazon", "aws", "ses"),
        hosts=("amazonaws.com", "amazonses.com"),
        words="amazonaws | amazon ses | in region",
        preset="amazon_ses",
        signs=(
            # The recipient is what fails the check only while the account is in the sandbox.
            Sign(
                Cause.SANDBOX_MODE,
                words="failed the check in region",
                when=lambda symptom: symptom.around.address != ""
                and symptom.around.address not in symptom.text,
            ),
            Sign(Cause.SENDER_NOT_VERIFIED, words="not verified | mailfromdomainnotverified"),
            Sign(Cause.DAILY_LIMIT, words="daily message quota | daily sending quota"),
            Sign(Cause.RATE_LIMITED, words="maximum sending rate | throttling"),
            Sign(Cause.ACCOUNT_SUSPENDED_SPAM, words="sending paused | accountsendingpaused"),
            Sign(
                Cause.SENDER_NOT_ALLOWED,
                words="not authorized to perform | access denied: user",
                unless="explicit deny & login",
            ),
            Sign(
                Cause.WRONG_PASSWORD,
                words="""signaturedoesnotmatch | signature we calculated | invalidclienttokenid
                | security token included | credentials invalid | unrecognizedclient
                | accessdeniedexception & key""",
            ),
            Sign(Cause.SPAM_CONTENT_REJECTED, words="message content rejected"),
        ),
        steps={
            Cause.WRONG_PASSWORD: _key(
                "Create SMTP credentials in the SES console of the region that the server names "
                "(SMTP settings > Create SMTP credentials): access keys do not work as they are.",
                "Erstellen Sie SMTP-Zugangsdaten in der SES-Konsole der Region, die im Servernamen "
                "steht (SMTP settings > Create SMTP credentials): Zugriffsschlüssel allein "
                "genügen nicht.",
            ),
            Cause.SANDBOX_MODE: _key(
                "In the SES console open Account dashboard > Request production access: "
                "https://console.aws.amazon.com/ses. Until then every recipient must be verified.",
                "Öffnen Sie in der SES-Konsole Account dashboard > Request production access: "
                "https://console.aws.amazon.com/ses. Bis dahin ist jeder Empfänger zu bestätigen.",
            ),
            Cause.SENDER_NOT_VERIFIED: _key(
                "Verify {address}, or better its domain, in the SES console of this region: "
                "Identities > Create identity.",
                "Bestätigen Sie {address} oder besser die Domain in der SES-Konsole dieser Region: "
                "Identities > Create identity.",
            ),
        },
    ),
    # www.twilio.com/docs/sendgrid, "SMTP errors and troubleshooting", "API errors"
    Provider(
        "sendgrid",
        called=("sendgrid", "twilio"),
        hosts=("sendgrid.net", "sendgrid.com"),
        words="sendgrid",
        preset="sendgrid",
        signs=(
            Sign(Cause.PLAN_QUOTA_EXHAUSTED, words="credits exceeded | maximum credits"),
            Sign(Cause.SENDER_NOT_VERIFIED, words="verified sender | sender identity"),
            Sign(Cause.WRONG_PASSWORD, words="""authorization grant is invalid | bad username
            | username / password | access forbidden"""),
        ),
        steps={
            Cause.WRONG_PASSWORD: _key(
                "The user name is the word apikey; the password is an API key with the right Mail "
                "Send, made at https://app.sendgrid.com/settings/api_keys",
                "Der Benutzername ist das Wort apikey; das Passwort ist ein API-Schlüssel mit dem "
                "Recht Mail Send, erstellt unter https://app.sendgrid.com/settings/api_keys",
            ),
            Cause.SENDER_NOT_VERIFIED: _key(
                "Verify {address} or its domain at "
                "https://app.sendgrid.com/settings/sender_auth",
                "Bestätigen Sie {address} oder die Domain unter "
                "https://app.sendgrid.com/settings/sender_auth",
            ),
        },
    ),
    # documentation.mailgun.com
    Provider(
        "mailgun",
        called=("mailgun",),
        hosts=("mailgun.org", "mailgun.net", "mailgun.com"),
        words="mailgun",
        preset="mailgun",
        signs=(
            Sign(
                Cause.SANDBOX_MODE,
                words="sandbox | test purposes | authorized recipients | free accounts are",
            ),
            Sign(Cause.ACCOUNT_NOT_ACTIVATED, words="activate your | business verification"),
            Sign(Cause.SENDER_NOT_VERIFIED, words="""not allowed to send | domain not found
            | domain is unverified"""),
        ),
    ),
    # postmarkapp.com/developer/api/overview, "API error codes"
    Provider(
        "postmark",
        called=("postmark",),
        hosts=("postmarkapp.com",),
        words="postmark | sender signature | inactive recipient",
        preset="postmark",
        signs=(
            Sign(Cause.ACCOUNT_NOT_ACTIVATED, words="pending approval | not approved"),
            Sign(Cause.PLAN_QUOTA_EXHAUSTED, words="not allowed to send | out of credits"),
            Sign(
                Cause.MAILBOX_DISABLED,
                words="marked as inactive | inactive recipient | marked inactive",
            ),
            Sign(Cause.SENDER_NOT_VERIFIED, words="sender signature"),
        ),
    ),
    # help.brevo.com, developers.brevo.com
    Provider(
        "brevo",
        called=("brevo", "sendinblue"),
        hosts=("brevo.com", "sendinblue.com"),
        words="brevo | sendinblue",
        preset="brevo",
        signs=(
            Sign(
                Cause.SUSPICIOUS_LOGIN_BLOCKED,
                words="unrecognised ip | unrecognized ip | unauthorized ip",
            ),
            Sign(Cause.ACCOUNT_NOT_ACTIVATED, words="""not yet activated | under_validation
            | not activated"""),
            Sign(Cause.SENDER_NOT_VERIFIED, words="sender .. not valid | validate your sender"),
        ),
        steps={
            Cause.WRONG_PASSWORD: _key(
                "The password is an SMTP key from https://app.brevo.com/settings/keys/smtp, not an "
                "API key; the user name stands beside it.",
                "Das Passwort ist ein SMTP-Schlüssel von https://app.brevo.com/settings/keys/smtp, "
                "kein API-Schlüssel; der Benutzername steht daneben.",
            ),
        },
    ),
    Provider(
        "mailjet",
        called=("mailjet",),
        hosts=("mailjet.com",),
        words="mailjet",
        preset="mailjet",
        signs=(
            Sign(Cause.ACCOUNT_SUSPENDED_SPAM, words="temporarily blocked | account has been"),
            Sign(Cause.SENDER_NOT_VERIFIED, words="sender .. not .. validated | sender address"),
        ),
    ),
    Provider(
        "sparkpost",
        called=("sparkpost",),
        hosts=("sparkpostmail.com", "sparkpost.com"),
        words="sparkpost",
        preset="sparkpost",
        signs=(
            Sign(Cause.SENDER_NOT_VERIFIED, words="unconfigured | unverified sending"),
            Sign(Cause.DAILY_LIMIT, words="exceed sending limit (daily) | daily"),
            Sign(Cause.RATE_LIMITED, words="exceed sending limit"),
            Sign(Cause.RECIPIENT_REJECTED, words="suppressed due to customer policy"),
        ),
    ),
    # resend.com/docs/api-reference/errors
    Provider(
        "resend",
        called=("resend",),
        hosts=("resend.com",),
        words="resend.com",
        preset="resend",
        signs=(
            Sign(Cause.SANDBOX_MODE, words="only send testing emails"),
            Sign(Cause.WRONG_PASSWORD, words="""restricted_api_key | api key is invalid
            | api key is not active"""),
        ),
    ),
    Provider("smtp2go", called=("smtp2go",), hosts=("smtp2go.com",), preset="smtp2go"),
    # mailchimp.com/developer/transactional
    Provider(
        "mandrill",
        called=("mandrill", "mailchimp"),
        hosts=("mandrillapp.com",),
        words="mandrill",
        signs=(
            Sign(Cause.WRONG_PASSWORD, words="invalid_key"),
            Sign(Cause.PLAN_QUOTA_EXHAUSTED, words="paymentrequired"),
            Sign(Cause.SENDER_NOT_VERIFIED, words="unsigned"),
            Sign(Cause.SANDBOX_MODE, words="recipient-domain-mismatch | test-mode-limit"),
        ),
    ),
)  # fmt: skip
