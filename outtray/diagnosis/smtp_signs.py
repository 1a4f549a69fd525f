"""The signs of SMTP: read from the top, the first that fits wins.

In order: what we saw ourselves; words that mean one thing wherever they are said; words
and codes at the step where they are said; at last what a step's refusal usually means.
Words are those of many servers in several languages, never of one case.
"""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.circumstances import CLEAR_FIRST, TLS_AT_ONCE
from outtray.diagnosis.signs import Sign
from outtray.transports.base import Stage, Trouble

_LOGIN = (Stage.LOGIN,)
_BEFORE_TLS = (Stage.CONNECT, Stage.GREETING, Stage.TLS, Stage.EHLO)
_SENDER = (Stage.SENDER,)
_ADDRESSES = (Stage.SENDER, Stage.RECIPIENT)
_RECIPIENT = (Stage.RECIPIENT,)
_MESSAGE = (Stage.SENDER, Stage.RECIPIENT, Stage.CONTENT, Stage.ANSWER)

_NETWORK_SEEN = (
    Sign(Cause.WRONG_HOST, troubles=(Trouble.NAME_NOT_FOUND,)),
    Sign(Cause.DNS_TEMPORARY_FAILURE, troubles=(Trouble.NAME_SERVICE_FAILED,)),
    Sign(
        Cause.WRONG_HOST,
        troubles=(Trouble.NOT_ALLOWED,),
        when=lambda around: around.is_this_machine,
    ),
    Sign(
        Cause.TLS_REQUIRED,
        troubles=(Trouble.NOT_ALLOWED, Trouble.SETTINGS),
        when=lambda around: around.security == "none",
    ),
    Sign(
        Cause.WRONG_PORT,
        troubles=(Trouble.NOT_ALLOWED,),
        when=lambda around: not around.is_submission_port,
    ),
    Sign(Cause.NOT_ALLOWED_HERE, troubles=(Trouble.NOT_ALLOWED,)),
    Sign(
        Cause.IPV6_UNREACHABLE,
        words=r"cannot assign requested address|\[?[0-9a-f]{1,4}:[0-9a-f:]{4,}.*unreachable",
    ),
    Sign(
        Cause.WRONG_PORT,
        troubles=(Trouble.CONNECTION_REFUSED, Trouble.TIMED_OUT),
        stages=(Stage.CONNECT,),
        when=lambda around: around.port_is_published is False or not around.is_usual_port,
    ),
    Sign(
        Cause.PORT_BLOCKED,
        troubles=(Trouble.CONNECTION_REFUSED,),
        when=lambda around: bool(around.port_is_published),
    ),
    Sign(Cause.SERVICE_NOT_LISTENING, troubles=(Trouble.CONNECTION_REFUSED,)),
    Sign(Cause.PORT_BLOCKED, troubles=(Trouble.TIMED_OUT,), stages=(Stage.CONNECT,)),
    Sign(
        Cause.STARTTLS_ON_IMPLICIT_TLS_PORT,
        troubles=(Trouble.TIMED_OUT, Trouble.CONNECTION_CLOSED),
        stages=_BEFORE_TLS,
        when=lambda around: around.port in TLS_AT_ONCE and around.security != "tls",
    ),
    Sign(
        Cause.IMPLICIT_TLS_ON_STARTTLS_PORT,
        troubles=(Trouble.TIMED_OUT, Trouble.CONNECTION_CLOSED, Trouble.TLS_FAILED),
        stages=_BEFORE_TLS,
        when=lambda around: around.port in CLEAR_FIRST and around.security == "tls",
    ),
    Sign(Cause.REMOTE_UNREACHABLE, troubles=(Trouble.UNREACHABLE,)),
    Sign(Cause.WRONG_PORT, troubles=(Trouble.NOT_A_MAIL_SERVER,)),
    Sign(Cause.WRONG_PORT, troubles=(Trouble.TIMED_OUT,), stages=(Stage.GREETING,)),
    Sign(
        Cause.CONNECTION_DROPPED,
        troubles=(Trouble.CONNECTION_CLOSED, Trouble.TIMED_OUT, Trouble.REPLY_TOO_LONG),
    ),
)

_TLS_SEEN = (
    Sign(Cause.STARTTLS_ON_IMPLICIT_TLS_PORT, troubles=(Trouble.SPEAKS_TLS_AT_ONCE,)),
    Sign(Cause.IMPLICIT_TLS_ON_STARTTLS_PORT, troubles=(Trouble.SPEAKS_CLEAR_TEXT,)),
    Sign(
        Cause.MIDDLEBOX_INTERFERENCE,
        troubles=(Trouble.STARTTLS_NOT_OFFERED,),
        when=lambda around: bool(around.port_is_published),
    ),
    Sign(Cause.STARTTLS_NOT_OFFERED, troubles=(Trouble.STARTTLS_NOT_OFFERED,)),
    Sign(Cause.MIDDLEBOX_INTERFERENCE, troubles=(Trouble.STARTTLS_TAMPERED,)),
    Sign(Cause.CERTIFICATE_EXPIRED, troubles=(Trouble.CERTIFICATE_EXPIRED,)),
    Sign(Cause.CERTIFICATE_UNTRUSTED, troubles=(Trouble.CERTIFICATE_UNTRUSTED,)),
    Sign(Cause.CERTIFICATE_HOSTNAME_MISMATCH, troubles=(Trouble.CERTIFICATE_OTHER_NAME,)),
    Sign(Cause.TLS_VERSION_TOO_OLD, troubles=(Trouble.TLS_TOO_OLD, Trouble.TLS_FAILED)),
)

_OTHERWISE_SEEN = (
    Sign(Cause.AUTH_NOT_OFFERED, troubles=(Trouble.LOGIN_NOT_OFFERED,)),
    Sign(Cause.AUTH_MECHANISM_UNSUPPORTED, troubles=(Trouble.LOGIN_METHOD_MISSING,)),
    Sign(Cause.INVALID_ADDRESS_SYNTAX, troubles=(Trouble.SMTPUTF8_NOT_OFFERED,)),
    Sign(Cause.MESSAGE_TOO_LARGE, troubles=(Trouble.MESSAGE_TOO_LARGE,)),
    Sign(Cause.MALFORMED_MESSAGE, troubles=(Trouble.MESSAGE_MALFORMED,)),
    Sign(Cause.TOO_MANY_RECIPIENTS, troubles=(Trouble.ENOUGH_RECIPIENTS,)),
)

_NETWORK_SAID = (
    Sign(Cause.DELIVERY_EXPIRED, words=r"message expired|delivery time expired|retry time"),
    Sign(Cause.DELIVERY_EXPIRED, enhanced=("4.4.7", "5.4.7", "5.4.300", "5.4.316")),
    Sign(
        Cause.DNS_TEMPORARY_FAILURE,
        words=r"EAI_AGAIN|temporary failure in name resolution|SERVFAIL|name server reply"
        r"|host or domain name not found.*try again|lookup .* timed? ?out",
    ),
    Sign(
        Cause.RECIPIENT_DOMAIN_NOT_FOUND,
        words=r"null ?mx|does not (accept|receive) (e-?)?mail|doesn't receive email"
        r"|(recipient|destination|unrouteable|unroutable).{0,40}domain.{0,30}"
        r"(not found|not exist|unknown|invalid)|no such domain|bad destination mailbox",
    ),
    Sign(
        Cause.RECIPIENT_DOMAIN_NOT_FOUND,
        words=r"domain (does not exist|not found)|NXDOMAIN|unrouteable address",
        stages=_RECIPIENT,
        enhanced=("5.1.2", "5.4.4", "4.1.2"),
    ),
    Sign(
        Cause.WRONG_HOST,
        words=r"ENOTFOUND|getaddrinfo|name or service not known|no such host|unknown ?host"
        r"|nodename nor servname|could ?n[o']t resolve|host not found",
    ),
    Sign(
        Cause.WRONG_PORT,
        words=r"ETIMEDOUT|timed? ?out|ECONNREFUSED|connection refused",
        stages=(Stage.CONNECT,),
        when=lambda around: around.port_is_published is False,
    ),
    Sign(
        Cause.STARTTLS_ON_IMPLICIT_TLS_PORT,
        words=r"greeting never received|timed? ?out|ETIMEDOUT|unexpectedly closed|reset",
        stages=_BEFORE_TLS,
        when=lambda around: around.port in TLS_AT_ONCE and around.security in {"none", "starttls"},
    ),
    Sign(
        Cause.REMOTE_UNREACHABLE,
        words=r"no route to host|EHOSTUNREACH|ENETUNREACH|network is unreachable"
        r"|host is (down|unreachable)",
    ),
    Sign(
        Cause.PORT_BLOCKED,
        words=r"ETIMEDOUT|connection timed ?out|execution expired|timed? ?out",
        stages=(Stage.CONNECT, Stage.DNS),
    ),
    Sign(
        Cause.PORT_BLOCKED,
        words=r"connection refused|ECONNREFUSED",
        when=lambda around: around.port == 2525 or bool(around.port_is_published),
    ),
    Sign(
        Cause.SERVICE_NOT_LISTENING,
        words=r"connection refused|ECONNREFUSED|actively refused|connexion refus|abgelehnt"
        r"|conexión rechazada",
        stages=(Stage.CONNECT,),
    ),
    Sign(
        Cause.CONNECTION_DROPPED,
        words=r"lost connection|connection (was )?(unexpectedly )?(reset|closed|lost|dropped)"
        r"|ECONNRESET|EPIPE|broken pipe|unexpected eof|server disconnected|end of file",
    ),
    Sign(
        Cause.WRONG_HOST,
        words=r"failure sending mail|connect\(\) failed|could not connect",
        stages=(Stage.DNS, Stage.CONNECT),
    ),
)

_TLS_SAID = (
    Sign(
        Cause.IMPLICIT_TLS_ON_STARTTLS_PORT,
        words=r"wrong.version.number|unable to parse tls packet|plaintext connection"
        r"|first record does not look like a tls|unknown protocol|not an ssl|record overflow",
    ),
    Sign(
        Cause.CERTIFICATE_EXPIRED,
        words=r"certificate.{0,40}expired|CERT_HAS_EXPIRED|(zertifikat|certificat).{0,30}"
        r"(abgelaufen|expiré)",
    ),
    Sign(
        Cause.CERTIFICATE_HOSTNAME_MISMATCH,
        words=r"hostname.{0,20}(mismatch|check_failed|doesn't match|does not match)"
        r"|not valid for|ERR_TLS_CERT_ALTNAME|altnames?|no alternative certificate subject"
        r"|name mismatch|certificate is valid for .* not",
    ),
    Sign(
        Cause.CERTIFICATE_UNTRUSTED,
        words=r"self.?signed|unable to (get|verify).{0,30}(issuer|certificate)"
        r"|unknown (authority|ca)|certificate.{0,30}(verify failed|not trusted|untrusted)"
        r"|PKIX path|UNABLE_TO_|partial.?chain|root is not trusted",
    ),
    Sign(
        Cause.TLS_VERSION_TOO_OLD,
        words=r"unsupported protocol|no protocols available|protocol.version|version 30[012]"
        r"|no shared cipher|handshake.failure|tlsv?1?\.?[01]? (alert|is not supported)"
        r"|dh key too small|inappropriate fallback",
    ),
    Sign(
        Cause.MIDDLEBOX_INTERFERENCE,
        words=r"doesn't advertise that feature.*requested mail action okay|XXXXXXXA|\*{6,}",
    ),
    Sign(
        Cause.TLS_REQUIRED,
        words=r"(must|please) issue a starttls|starttls (is )?(required|command first)"
        r"|requires? a secure connection|(encryption|tls|ssl).{0,30}(required|is needed)"
        r"|without (ssl|tls|encryption)|(verschlüssel|chiffr|cifrad).{0,40}(erforder|requi)"
        r"|only over (ssl|tls)|secure connection.{0,20}(required|needed)",
        when=lambda around: around.security != "tls",
        codes=(530, 454, 451, 550, 538, 523, 0),
        stages=(Stage.TLS, Stage.EHLO, Stage.LOGIN, Stage.SENDER, Stage.GREETING),
    ),
    Sign(Cause.TLS_REQUIRED, enhanced=("5.7.7", "5.7.10", "5.7.11"), stages=(*_LOGIN, *_SENDER)),
    Sign(
        Cause.STARTTLS_NOT_OFFERED,
        words=r"starttls.{0,60}(not|n't).{0,30}(support|offer|advertis|available)"
        r"|(not|n't) (support|offer|advertise).{0,20}starttls|no starttls",
    ),
)

_LOGIN_SAID = (
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
    Sign(Cause.CONDITIONAL_ACCESS_BLOCK, words=r"conditional access|authentication policy"),
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
        r"|user has no permission|未开启|nicht freigeschaltet|not authori[sz]ed to use smtp",
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

_SENDER_SAID = (
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
    Sign(Cause.ACCOUNT_SUSPENDED_SPAM, enhanced=("5.1.8", "5.7.501", "5.7.502", "5.7.503")),
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

_LIMITS_SAID = (
    Sign(
        Cause.RECIPIENT_RATE_LIMITED,
        words=r"(receiving|trying to contact).{0,60}(rate|quickly|too (much|many))"
        r"|recipient.{0,40}(exceeded|limit).{0,60}(receive|per hour)|ReceivingRate",
    ),
    Sign(Cause.RECIPIENT_RATE_LIMITED, enhanced=("5.2.122", "4.2.122", "5.2.121")),
    Sign(
        Cause.PLAN_QUOTA_EXHAUSTED,
        words=r"(credits?|plan).{0,40}(exceed|exhaust|used up|limit|insufficient|expired)"
        r"|(exceed|insufficient|no more|maximum).{0,20}credits?|payment required|trial.*limit",
    ),
    Sign(
        Cause.DAILY_LIMIT,
        words=r"(daily|24.?h(ou)?r?s?|per day|today).{0,60}(limit|quota|exceed)"
        r"|(limit|quota|exceed)\w*.{0,60}(daily|24.?hour|per day|today|for the day)"
        r"|submission ?quota|tageslimit|quota journalier|límite diario|user sending quota",
    ),
    Sign(Cause.DAILY_LIMIT, enhanced=("5.4.5", "4.4.5", "5.7.233", "5.7.232")),
    Sign(
        Cause.TOO_MANY_CONNECTIONS,
        words=r"(concurrent|simultaneous) (connection|session)|too many (concurrent |smtp )?"
        r"(connection|session)|connections? limit|zu viele verbindungen|trop de connexions",
    ),
    Sign(
        Cause.TOO_MANY_RECIPIENTS,
        words=r"too many recipients(?! this)|recipient (count|limit)|maximum.{0,20}recipients"
        r"|trop de destinataires|zu viele empf|demasiados destinatarios",
        stages=(*_RECIPIENT, Stage.CONTENT),
    ),
    Sign(Cause.TOO_MANY_RECIPIENTS, enhanced=("5.5.3", "4.5.3", "5.2.254")),
    Sign(
        Cause.GREYLISTED,
        words=r"gr[ea]y.?list|unverif[iy]+able|try again in \d+ (sec|min)|not yet authori[sz]ed"
        r"|verification in progress|please retry.{0,20}(later|minutes)|delayed.{0,20}anti-?spam",
        codes=(4, 0),
        stages=(*_MESSAGE, Stage.GREETING, Stage.CONNECT),
    ),
    Sign(
        Cause.RATE_LIMITED,
        words=r"rate.?limit|too (many|much|fast).{0,40}(mail|message|hour|minute|recipients this)"
        r"|(hour|minute).{0,30}(limit|quota)|(limit|quota).{0,30}(hour|minute)|throttl"
        r"|temporarily deferred|unexpected volume|mail send limit|max\w* messages? per"
        r"|slow down|service refus|volume of (mail|email)|rate exceeded|envoi.{0,20}limit"
        r"|too many (messages|mails|emails)|sending (rate|limit)",
    ),
    Sign(Cause.RATE_LIMITED, enhanced=("4.7.650", "4.7.28", "5.7.28")),
)

_REPUTATION_SAID = (
    Sign(
        Cause.SPAM_CONTENT_REJECTED,
        words=r"spamhaus dbl|\b(dbl|surbl|uribl)\b|spam(my)? (url|link|content)"
        r"|(url|link|domain)s? (present )?in (the )?(content|message).{0,40}(list|spam|block)",
    ),
    Sign(
        Cause.IP_BLOCKLISTED,
        words=r"block ?list|black ?list|bloc?k list|spamhaus|spamcop|barracudacentral|\brbl\b"
        r"|dnsbl|sorbs|AUP#\w*RBL|reputation of the sending ip|(ip|host|client).{0,40}"
        r"(blocked|listed|bloqu|banned|gesperrt)|not accepting connections|S3150|bad reputation"
        r"|poor reputation|your ip",
    ),
    Sign(
        Cause.SENDER_REPUTATION_LOW,
        words=r"reputation|AUP#|user complaints|low sender score|senderscore",
    ),
)

_MESSAGE_SAID = (
    Sign(
        Cause.VIRUS_DETECTED,
        words=r"\bvirus\b|malware|infected|clamav|trojan",
    ),
    Sign(
        Cause.ATTACHMENT_BLOCKED,
        words=r"attachment.{0,60}(block|not allowed|forbidden|reject|prohibit|banned)"
        r"|(blocked|banned|illegal|forbidden).{0,20}(attachment|file)|file type"
        r"|BlockedMessage|potential security issue",
    ),
    Sign(
        Cause.MESSAGE_TOO_LARGE,
        words=r"(message|size|mail|nachricht).{0,40}(too (large|big|long)|exceed.{0,30}"
        r"(size|limit|maximum)|zu gro(ß|ss)|trop (volumineux|gros)|demasiado grande)"
        r"|(size|message).{0,20}(limit|larger than)|maximum.{0,20}(message )?size"
        r"|MessageSizeExceeded|exceeds? (fixed )?maximum",
        stages=_MESSAGE,
    ),
    Sign(Cause.MESSAGE_TOO_LARGE, enhanced=("5.3.4", "5.2.3")),
    Sign(
        Cause.MALFORMED_MESSAGE,
        words=r"rfc.?(2822|5322|822|5321)|(multiple|duplicate|missing|invalid|bad|malformed)"
        r".{0,40}header|header.{0,40}(missing|invalid|malformed|8.?bit)|8-?bit data|bare (lf|cr)"
        r"|line too long|not.{0,20}compliant|missing a valid address in from|[?&]c=h[id]"
        r"|no (valid )?from|missing date",
        stages=_MESSAGE,
    ),
    Sign(Cause.MALFORMED_MESSAGE, enhanced=("5.6.", "5.5.2"), stages=(Stage.CONTENT, Stage.ANSWER)),
    Sign(
        Cause.SPAM_CONTENT_REJECTED,
        words=r"\bspam\b|unsolicited|phish|\bucm\b|bulk mail|junk",
        stages=(Stage.CONTENT, Stage.ANSWER, Stage.RECIPIENT),
    ),
    Sign(Cause.SPAM_CONTENT_REJECTED, enhanced=("5.7.105", "5.7.350", "5.7.352")),
    Sign(
        Cause.POLICY_REJECTED,
        words=r"polic(y|ies)|anti-?spoof|not allowed from this range|administrative prohibition"
        r"|content rejected|richtlinie|politique|política|rejected by (the )?rule",
        stages=_MESSAGE,
    ),
)

_RECIPIENT_SAID = (
    Sign(
        Cause.SENDER_MAILBOX_FULL,
        words=r"(sender|your|own).{0,20}(mailbox|account|inbox).{0,30}(full|quota|storage)",
    ),
    Sign(Cause.SENDER_MAILBOX_FULL, enhanced=("5.2.251",)),
    Sign(Cause.SENDER_MAILBOX_FULL, enhanced=("5.2.2", "4.2.2"), stages=_SENDER),
    Sign(
        Cause.MAILBOX_FULL,
        words=r"(mailbox|inbox|user|recipient|account|postfach|bo[iî]te|buz[oó]n|casella|cuota)"
        r".{0,60}(full|over ?quota|quota|exceeded|voll|pleine|lleno|piena|storage)"
        r"|over ?quota|quota.{0,20}exceed|exceed.{0,20}quota|out of storage|insufficient.{0,20}"
        r"(user|recipient) storage|邮箱.{0,10}满",
        stages=(*_RECIPIENT, Stage.CONTENT, Stage.ANSWER),
    ),
    Sign(Cause.MAILBOX_FULL, enhanced=("5.2.2", "4.2.2"), stages=(*_RECIPIENT, Stage.CONTENT)),
    Sign(
        Cause.MAILBOX_DISABLED,
        words=r"(mailbox|account|recipient|address|user).{0,60}"
        r"(disabled|inactive|deactivated|frozen|suspended|locked|closed|expired|discontinued"
        r"|not active|blocked)|(disabled|inactive|suspended).{0,20}(recipient|mailbox|account"
        r"|user)|DisabledUser|deaktiviert|désactivé|desactivad",
        stages=(*_RECIPIENT, Stage.CONTENT),
        codes=(4, 5),
    ),
    Sign(Cause.MAILBOX_DISABLED, enhanced=("5.2.1", "5.7.13", "4.2.1"), stages=_RECIPIENT),
    Sign(
        Cause.RECIPIENT_RESTRICTED,
        words=r"RESOLVER\.RST|restricted|only.{0,40}(authenticated|internal|member)"
        r"|not ?authenticated ?for|senders? (is )?not (allowed|permitted).{0,40}(recipient|group)",
        stages=(*_RECIPIENT, Stage.CONTENT),
    ),
    Sign(Cause.RECIPIENT_RESTRICTED, enhanced=("5.7.133", "5.7.124", "5.7.136", "5.7.134")),
    Sign(
        Cause.MAIL_LOOP,
        words=r"mail loop|loops? back|too many hops|hop count|routing loop|received headers",
    ),
    Sign(Cause.MAIL_LOOP, enhanced=("5.4.6", "5.4.14", "4.4.6")),
    Sign(
        Cause.INVALID_ADDRESS_SYNTAX,
        words=r"(bad|invalid|malformed|illegal).{0,20}(address )?syntax|syntax error"
        r"|(malformed|illegal) (address|alias|recipient)|address.{0,20}(malformed|syntax)"
        r"|domain missing|not a valid rfc",
        stages=_ADDRESSES,
        codes=(5,),
    ),
    Sign(Cause.INVALID_ADDRESS_SYNTAX, enhanced=("5.1.3",)),
    Sign(Cause.INVALID_ADDRESS_SYNTAX, stages=_RECIPIENT, codes=(501, 553)),
    Sign(
        Cause.RECIPIENT_SERVER_MISCONFIGURED,
        words=r"domain (is )?not (found|active|hosted|enabled|configured|local)|no licen[cs]e"
        r"|mx.{0,30}(wrong|misconfig)|not (a )?local(ly)? (domain|hosted)",
        stages=_RECIPIENT,
        codes=(4, 5),
    ),
    Sign(Cause.RECIPIENT_DOMAIN_NOT_FOUND, enhanced=("5.1.2", "5.1.10", "5.4.4"), codes=(556, 5)),
    Sign(Cause.RECIPIENT_DOMAIN_NOT_FOUND, codes=(556,)),
    Sign(
        Cause.RECIPIENT_REJECTED,
        words=r"recipient preferences|access denied|does not wish|not wanted|recipient has blocked"
        r"|blocked by recipient|rejected by recipient",
        stages=(*_RECIPIENT, Stage.CONTENT),
    ),
    Sign(Cause.RECIPIENT_REJECTED, enhanced=("5.4.1",), stages=_RECIPIENT),
    Sign(
        Cause.MAILBOX_NOT_FOUND,
        words=r"(user|mailbox|account|recipient|address|empf(ä|ae)nger|utilisateur|usuario"
        r"|destinatario).{0,60}(unknown|not found|not exist|n't exist|invalid|n't have"
        r"|not have|unavailable|unbekannt|inconnu|desconocid|non esiste|inexist)"
        r"|(unknown|no such|invalid|unbekannter) (user|mailbox|recipient|local|address|empf)"
        r"|no (mailbox|account) (here|by)|NoSuchUser|does not exist|inconnu|不存在",
        stages=(*_RECIPIENT, Stage.CONTENT, Stage.ANSWER),
    ),
    Sign(Cause.MAILBOX_NOT_FOUND, enhanced=("5.1.1", "5.1.0", "5.1.6", "5.2.255")),
)

_SERVER_SAID = (
    Sign(
        Cause.SERVER_OUT_OF_STORAGE,
        words=r"insufficient (system|disk) (storage|resource|space)|(disk|queue).{0,20}full"
        r"|no space left|out of (disk|memory)|system storage",
    ),
    Sign(Cause.SERVER_OUT_OF_STORAGE, enhanced=("4.3.1", "5.3.1")),
    Sign(Cause.IP_BLOCKLISTED, stages=(Stage.CONNECT, Stage.GREETING), codes=(5,)),
    Sign(
        Cause.SERVER_TEMPORARY_FAILURE,
        words=r"temporar(y|ily)|try (again )?later|internal (server )?error|service (not|un)avail"
        r"|local error|resources|overload|vorübergehend|réessayer|más tarde",
        codes=(4,),
    ),
)

# What a refusal at each step usually means, where neither words nor codes tell more.
_USUAL = (
    Sign(Cause.DNS_TEMPORARY_FAILURE, stages=(Stage.DNS,)),
    Sign(Cause.WRONG_HOST, stages=(Stage.SETTINGS,)),
    Sign(Cause.REMOTE_UNREACHABLE, stages=(Stage.CONNECT,), codes=(0,)),
    Sign(Cause.TLS_REQUIRED, stages=(Stage.TLS,), when=lambda around: around.security == "none"),
    Sign(Cause.TLS_VERSION_TOO_OLD, stages=(Stage.TLS,)),
    Sign(Cause.WRONG_PASSWORD, stages=_LOGIN),
    Sign(Cause.SERVER_TEMPORARY_FAILURE, codes=(4,)),
    Sign(Cause.CONNECTION_DROPPED, codes=(0,)),
    Sign(Cause.SENDER_NOT_ALLOWED, stages=_SENDER),
    Sign(Cause.RECIPIENT_REJECTED, stages=_RECIPIENT),
    Sign(Cause.POLICY_REJECTED, stages=(Stage.CONTENT, Stage.ANSWER)),
    Sign(Cause.SERVER_TEMPORARY_FAILURE),
)

SIGNS: tuple[Sign, ...] = (
    *_NETWORK_SEEN,
    *_TLS_SEEN,
    *_OTHERWISE_SEEN,
    *_NETWORK_SAID,
    *_TLS_SAID,
    *_LOGIN_SAID,
    *_SENDER_SAID,
    *_LIMITS_SAID,
    *_REPUTATION_SAID,
    *_MESSAGE_SAID,
    *_RECIPIENT_SAID,
    *_SERVER_SAID,
    *_USUAL,
)
