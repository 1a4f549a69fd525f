"""What tells why a login was refused, or that none was made."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs import Sign
from outtray.transports.base import Stage, Trouble

_LOGIN = (Stage.LOGIN,)
_SENDER = (Stage.SENDER,)
_MESSAGE = (Stage.SENDER, Stage.RECIPIENT, Stage.CONTENT, Stage.ANSWER)

SEEN = (
    Sign(Cause.AUTH_NOT_OFFERED, troubles=(Trouble.LOGIN_NOT_OFFERED,)),
    Sign(Cause.AUTH_MECHANISM_UNSUPPORTED, troubles=(Trouble.LOGIN_METHOD_MISSING,)),
)

SAID = (
    Sign(
        Cause.MIDDLEBOX_INTERFERENCE,
        words=r"\b220[ -][^\n]*\b(exim|postfix|sendmail)\b",
        providers=("microsoft365", "outlook_com", "gmail", "google_workspace", "yahoo", "icloud"),
    ),
    Sign(
        Cause.APP_PASSWORD_REQUIRED,
        words=r"application.specific.password|app(lication)?[- ]password|InvalidSecondFactor"
        r"|authorization code|授权码|client password|anwendungsspezifisch|passwort f(ue|ü)r"
        r" (e-?mail-?)?programme|mot de passe d'application|contraseña de aplicación",
    ),
    Sign(Cause.APP_PASSWORD_REQUIRED, codes=(534,), enhanced=("5.7.9",)),
    Sign(
        Cause.SUSPICIOUS_LOGIN_BLOCKED,
        words=r"log in via your web browser|suspicious|unusual (sign|log)|captcha|blocked"
        r" (this )?(sign|log)[- ]?in|verdächtig",
        stages=_LOGIN,
    ),
    Sign(Cause.WEB_LOGIN_REQUIRED, words=r"WebLoginRequired|web login required"),
    Sign(
        Cause.SECURITY_DEFAULTS_BLOCK,
        words=r"security defaults|locked by your organization's security",
    ),
    Sign(
        Cause.CONDITIONAL_ACCESS_BLOCK,
        words=r"conditional access|authentication policy|did not meet the criteria",
    ),
    Sign(
        Cause.SMTP_AUTH_DISABLED_MAILBOX,
        words=r"SmtpClientAuth\w* is disabled for the mailbox|disabled for (the|this) mailbox",
    ),
    Sign(
        Cause.SMTP_AUTH_DISABLED_TENANT,
        words=r"SmtpClientAuth\w* is disabled|disabled for the tenant",
    ),
    Sign(
        Cause.BASIC_AUTH_RETIRED,
        words=r"basic authentication is (disabled|not supported)|less secure app"
        r"|please use oauth|only.{0,20}oauth",
    ),
    Sign(Cause.BASIC_AUTH_RETIRED, enhanced=("5.7.30",)),
    Sign(Cause.BASIC_AUTH_RETIRED, stages=_LOGIN, codes=(5,), providers=("outlook_com",)),
    Sign(
        Cause.APP_PASSWORD_REQUIRED,
        words=r"too many bad auth",
        providers=("yahoo", "aol"),
        stages=_LOGIN,
    ),
    Sign(
        Cause.TOO_MANY_AUTH_FAILURES,
        words=r"too many.{0,30}(log ?in|auth|failed|attempt|invalid)|zu viele.{0,30}anmelde"
        r"|trop de tentatives|demasiados intentos",
        stages=(*_LOGIN, Stage.GREETING, Stage.CONNECT),
    ),
    Sign(
        Cause.ACCOUNT_LOCKED,
        words=r"account.{0,40}(lock|disabled|suspended|blocked|deactivated)|must change.{0,20}"
        r"password|password.{0,10}expired|konto.{0,20}gesperrt|compte.{0,20}(bloqu|désactiv)",
        stages=_LOGIN,
    ),
    Sign(
        Cause.ACCOUNT_NOT_ACTIVATED,
        words=r"(account|smtp).{0,30}not.{0,20}(activated|approved|validated)|under review",
        stages=(*_LOGIN, *_MESSAGE),
    ),
    Sign(
        Cause.PROTOCOL_DISABLED,
        words=r"(smtp|imap|pop3?|access|service).{0,40}"
        r"(not (enabled|allowed|open|switched on|activated)|is disabled|turned off)"
        r"|user has no permission|access rights to this service|not authori[sz]ed to use smtp"
        r"|nicht freigeschaltet|未开启",
        stages=_LOGIN,
    ),
    Sign(
        Cause.AUTH_BACKEND_UNAVAILABLE,
        words=r"temporary authentication failure|auth\w* server.{0,20}(down|unavailable)"
        r"|(temporar|internal).{0,30}(auth|error|fail)|ldap|backend",
        stages=_LOGIN,
        codes=(4,),
    ),
    Sign(Cause.AUTH_BACKEND_UNAVAILABLE, stages=_LOGIN, codes=(454, 451, 421)),
    Sign(Cause.AUTH_BACKEND_UNAVAILABLE, enhanced=("4.7.0",), stages=_LOGIN),
    Sign(Cause.MFA_REQUIRED, words=r"second factor|multi-?factor|two-?factor|\bMFA\b"),
    Sign(Cause.OAUTH_TOKEN_REJECTED, words=r"XOAUTH2|OAUTHBEARER|bearer token", stages=_LOGIN),
    Sign(
        Cause.AUTH_NOT_OFFERED,
        words=r"auth\w* (is )?not (enabled|supported|available|advertised|offered)"
        r"|does not support auth|no authentication mechanism|auth.{0,20}not.{0,20}announced"
        r"|smtp auth extension not supported",
        stages=(*_LOGIN, Stage.EHLO),
    ),
    Sign(Cause.AUTH_NOT_OFFERED, stages=_LOGIN, codes=(503,)),
    Sign(
        Cause.AUTH_MECHANISM_UNSUPPORTED,
        words=r"mechanism|no suitable auth|unrecogni[sz]ed authentication|not recogni[sz]ed"
        r"|unrecogni[sz]ed|not implemented",
        stages=_LOGIN,
        codes=(500, 502, 504, 535, 0),
    ),
    Sign(Cause.AUTH_MECHANISM_UNSUPPORTED, stages=_LOGIN, codes=(500, 502, 504)),
    Sign(
        Cause.CREDENTIALS_NOT_SENT,
        words=r"(user ?name|client -> server):? *(is )?(empty|blank|\n)|no credentials"
        r"|empty (user|password)",
        stages=_LOGIN,
    ),
    Sign(
        Cause.USERNAME_FORMAT_WRONG,
        words=r"(full|complete|whole).{0,20}(e-?mail )?address.{0,30}(user|log)"
        r"|(user|log ?in).{0,30}(full|complete).{0,20}address|invalid user ?name"
        r"|malformed user|domain\\",
        stages=_LOGIN,
    ),
    Sign(
        Cause.APP_PASSWORD_REQUIRED,
        stages=_LOGIN,
        codes=(535, 534, 530, 526, 550, 553, 554),
        when=lambda around: bool(around.provider and around.provider.needs_app_password),
    ),
    Sign(Cause.APP_PASSWORD_REQUIRED, words=r"BadCredentials.*gsmtp|gsmtp", stages=_LOGIN),
    Sign(
        Cause.USERNAME_FORMAT_WRONG,
        stages=_LOGIN,
        codes=(5,),
        when=lambda around: bool(
            around.username
            and "@" not in around.username
            and around.provider
            and around.provider.username_rule == "email"
        ),
    ),
    Sign(
        Cause.CREDENTIALS_NOT_SENT,
        words=r"authentication required|not authenticated|must authenticate|please (log|authent)"
        r"|unauthenticated sender|auth(entication)? (is )?needed|need to authenticate"
        r"|SMTP AUTH first|anmeldung erforderlich|authentification requise",
        stages=(*_MESSAGE, Stage.EHLO),
        codes=(5,),
    ),
    Sign(Cause.CREDENTIALS_NOT_SENT, codes=(530,), stages=_MESSAGE),
    Sign(
        Cause.CREDENTIALS_NOT_SENT,
        codes=(450,),
        stages=_SENDER,
        words=r"mailbox unavailable",
        when=lambda around: around.security == "none",
    ),
)
