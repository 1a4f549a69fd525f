"""What tells why a login was refused, or that none was made."""

from __future__ import annotations

import re

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.sign import Sign
from outtray.diagnosis.symptom import Symptom
from outtray.transports.base import Stage, Trouble

LOGIN = (Stage.LOGIN,)
_BEFORE = (Stage.CONNECT, Stage.GREETING, Stage.EHLO, Stage.LOGIN)
_MESSAGE = (Stage.SENDER, Stage.RECIPIENT, Stage.CONTENT, Stage.ANSWER)
_MAIL = ("smtp", "imap", "")
_EMPTY_LINE = re.compile(
    r"client -> server: *\n|<username> *$|user(name)?[\"']?[:=] *[\"']{2}", re.I
)


def _wants_whole_address(symptom: Symptom) -> bool:
    """Where the provider says so; of one that is not known most do, if its domain is all that
    the user name lacks."""
    around = symptom.around
    if "@" in around.username:
        return False
    if around.provider:
        return bool(around.username) and around.provider.username_rule == "email"
    return bool(around.username) and around.username == around.address.rpartition("@")[0]


def _needs_app_password(symptom: Symptom) -> bool:
    provider = symptom.around.provider
    return bool(provider and provider.needs_app_password)


SEEN = (
    Sign(Cause.AUTH_NOT_OFFERED, troubles=(Trouble.LOGIN_NOT_OFFERED,)),
    Sign(Cause.AUTH_MECHANISM_UNSUPPORTED, troubles=(Trouble.LOGIN_METHOD_MISSING,)),
)

POLICY = (
    Sign(
        Cause.SMTP_AUTH_DISABLED_MAILBOX,
        words="""smtpclientauth .. disabled for the mailbox
        | smtp auth .. disabled for the mailbox | smtpclientauth .. for this mailbox
        | smtp auth .. for this mailbox | smtpclientauthentication .. mailbox
        | authenticated smtp .. disabled .. mailbox""",
        unless="tenant",
    ),
    Sign(
        Cause.SMTP_AUTH_DISABLED_TENANT,
        words="""smtpclientauth .. disabled | smtp auth .. disabled for the tenant
        | smtp auth .. disabled .. organi | authenticated smtp .. disabled .. tenant
        | smtp_auth_disabled | smtpclientauthenticationdisabled""",
    ),
    Sign(
        Cause.SECURITY_DEFAULTS_BLOCK,
        words="security defaults | locked by your organization's security | security default",
    ),
    Sign(
        Cause.CONDITIONAL_ACCESS_BLOCK,
        words="""conditional access | authentication policy | authenticationpolicy
        | did not meet the criteria | access policy .. sign | blocked by your organi
        | device .. compliant | not compliant | unmanaged device | managed device
        | your sign-in was successful but does not meet | sign-in policy
        | policy .. does not allow .. sign | bedingter zugriff | acces conditionnel
        | acceso condicional | accesso condizionale""",
        unless="application access policy | applicationaccess | appolicy | app policy",
    ),
    Sign(
        Cause.APP_PASSWORD_REQUIRED,
        words="""application-specific password | application specific password | app password
        | app-password | app specific password | app-specific password | application password
        | invalidsecondfactor | authorization code | auth code | authorisation code
        | client password | device password | device-specific password | third-party password
        | external password | password for external app | apppassword | mail password .. program
        | anwendungsspezifisch | app-passwort | anwendungspasswort | geratepasswort
        | passwort fur e-mail-programme | passwort fur mailprogramme | passwort fur programme
        | mot de passe d'application | mot de passe application | contrasena de aplicacion
        | contrasena de la aplicacion | password per le app | password per app
        | password specifica | senha de app | senha de aplicativo | app-wachtwoord
        | haslo aplikacji | haslo do aplikacji | пароль приложения | пароль для внешн
        | парол .. приложени | 授权码 | 客户端密码 | 专用密码 | 应用密码 | アプリ パスワード
        | アプリパスワード""",
        unless="""oauth$ token | code_verifier | redirect_uri | authorization code flow
        | code expired | auth code flow | grant""",
    ),
    Sign(Cause.APP_PASSWORD_REQUIRED, codes=(534,), enhanced=("5.7.9",), stages=LOGIN),
    Sign(
        Cause.WEB_LOGIN_REQUIRED,
        words="""webloginrequired | web login required | log in via your web browser
        | login via your web browser | log in with your web browser | log in to webmail
        | sign in using your browser | sign in with your web browser | in your web browser
        | webalert | via a web browser | login via webmail | log in through the web
        | accept the new terms | accept terms | *webmailer .. {login} | uber den browser
        | im browser | via le webmail | navigateur | navegador web | tramite browser""",
        protocols=("imap",),
    ),
    Sign(
        Cause.SUSPICIOUS_LOGIN_BLOCKED,
        words="""log in via your web browser | login via your web browser | suspicious {login}
        | log in with your web browser | suspicious sign | suspicious activity | suspicious log
        | unusual sign | unusual activity | unusual log | unusual location | captcha
        | new location | unknown location | unrecognized location | unrecognised ip
        | unrecognized ip | untrusted location | prevented .. sign-in | blocked .. sign-in
        | sign-in attempt | blocked .. login attempt | blocked this login | unknown device
        | new device | unrecognized device | verify it's you | verify that it's you
        | verify your identity | confirm your identity | login from this country | geo
        | country .. not allowed | foreign ip | bad ip$ | malicious ip | not from a trusted
        | verdachtig | ungewohnlich | connexion suspecte | activite suspecte
        | activite inhabituelle | inhabituel | actividad sospechosa | sospechos | inusual
        | attivita sospett | sospett | insolit | atividade suspeita | suspeit | incomum | verdacht
        | ongebruikelijk | podejrzan | подозрительн | 异常登录 | 登录异常 | 异地登录 | 可疑""",
        stages=LOGIN,
        unless="too many | your account has been locked for",
    ),
    Sign(
        Cause.WEB_LOGIN_REQUIRED,
        words="webloginrequired | web login required | webalert | interactive sign | via webmail",
        stages=LOGIN,
    ),
    Sign(
        Cause.BASIC_AUTH_RETIRED,
        words="""basic authentication is disabled | basic authentication is not supported
        | basic authentication has been | basic auth is disabled | basic auth has been
        | basic auth .. no longer | basic authentication .. no longer | basic auth .. deprecated
        | basic authentication .. deprecated | basicauthblocked | basic auth .. not supported
        | less secure app | lesssecureapps | less-secure | please use oauth | use oauth2
        | use oauth 2 | oauth is required | oauth2 is required | oauth required | only oauth
        | only supports oauth | only xoauth2 | only via oauth | modern authentication
        | modern auth$ | passwordauth .. no longer | password authentication .. no longer
        | password authentication .. not supported | password login .. no longer
        | legacy authentication | legacy auth$ | logon denied: basic | logindenied .. basic
        | log in with modern | nicht mehr unterstutzt .. passwort | authentification de base
        | autenticacion basica | autenticazione di base | autenticacao basica
        | *standardauthentifizierung | basisverificatie""",
    ),
    Sign(Cause.BASIC_AUTH_RETIRED, enhanced=("5.7.30",)),
    Sign(
        Cause.MFA_REQUIRED,
        words="""second factor | multi-factor | multifactor | multi factor | two-factor
        | two factor | two-step | 2-step verification | 2fa$ | mfa$ | one-time | otp$ | totp
        | strong authentication | zwei-faktor | zweifaktor | *zwei-stufen
        | double authentification | deux facteurs | deux etapes | dos factores | doble factor
        | dos pasos | due fattori | verifica in due passaggi | dois fatores | duas etapas
        | twee-factor | tweestaps | двухфактор | 二次验证 | 双重验证 | 两步验证""",
        stages=(*LOGIN, Stage.TOKEN),
    ),
    Sign(
        Cause.TOO_MANY_AUTH_FAILURES,
        words="""too many .. {login} | too many invalid | too many bad | too many failed
        | too many incorrect | too many attempts | too many failures | too many wrong
        | too many errors .. {login} | too many unsuccessful | attempts exceeded
        | exceeded .. {login} .. attempts | {login} .. attempts .. exceed | login .. rate
        | {login} limit | maximum .. {login} attempts | many .. {login} attempts | attempt limit
        | brute force | brute-force | fail2ban | {login} .. throttl | repeated .. {login}
        | multiple failed | {login} .. blocked for | zu viele .. {failed} | zu viele .. {login}
        | zu viele .. versuche | trop de tentatives | trop d'echec | trop d'essais
        | demasiados intentos | troppi tentativi | muitas tentativas | excesso de tentativas
        | te veel .. pogingen | za duzo prob | слишком много .. попыток | 登录频繁 | 尝试次数
        | 过于频繁 | 次数过多""",
        unless="""temporary authentication failure | backend | internal | ldap | unavailable
        | service not | connection lost | smtp server required | authentication required""",
        stages=_BEFORE,
        protocols=(*_MAIL, "api", "ews"),
    ),
    # Postfix (check_sasl_access), of somebody who has logged in and may not send.
    Sign(Cause.ACCOUNT_LOCKED, words="sasl login name rejected"),
    Sign(
        Cause.ACCOUNT_LOCKED,
        words="""{account} .. {locked} | {locked} .. {account} | must change .. password
        | change your password | password .. expired | password has expired | passwordexpired
        | expired password | need to reset .. password | reset your password | password reset
        | account .. compromised | {password} .. {expired} | account on hold | account is locked
        | flagged | access to this account | kennwort .. andern | passwort .. andern
        | changer .. mot de passe | cambiar .. contrasena | cambiare .. password
        | account .. expired | user .. expired | account_disabled | accountdisabled
        | authorization failed: account""",
        unless="""smtp .. disabled | imap .. disabled | pop .. disabled | access .. disabled
        | service .. disabled | too many | protocol | auth .. disabled
        | authentication .. disabled | for a different | login .. disabled""",
        stages=(*LOGIN, Stage.TOKEN),
    ),
    Sign(
        Cause.ACCOUNT_NOT_ACTIVATED,
        words="""account .. not activated | account .. not yet activated | account .. not approved
        | not yet approved | pending approval | pending activation | under review
        | account .. not active$ | activate your account | please activate | account activation
        | awaiting approval | under validation | not been validated | account .. not validated
        | not yet been activated | not yet validated | smtp .. not activated
        | account .. not .. verified | account verification | verify your account
        | verify your email | validate your account | confirm your account | confirm your email
        | business verification | complete .. registration | konto .. nicht aktiviert
        | konto .. freigeschaltet | noch nicht freigeschaltet | compte .. pas .. active
        | compte .. pas .. valide | cuenta .. no .. activad | account non .. attivat
        | conta .. nao .. ativad | nicht freigegeben | not been enabled .. account
        | account has not been activated | request .. activation | not been approved""",
        unless="smtp access | imap access | {recipient} | access .. not",
    ),
    Sign(
        Cause.PROTOCOL_DISABLED,
        words="""smtp access | imap access | pop access | smtp .. not enabled
        | imap .. not enabled | pop3 .. not enabled | pop .. not enabled | smtp .. is disabled
        | imap .. is disabled | smtp .. disabled | imap .. disabled | pop .. disabled
        | not enabled for imap | not enabled for smtp | not enabled for pop | smtp .. turned off
        | imap .. turned off | service .. not open | service is not open | smtp service .. not
        | smtp .. switched off | imap .. switched off | disabled for your domain
        | disabled by your admin | disabled by your domain | disabled .. by the administrator
        | access rights to this service | does not have access to | no permission
        | user has no permission | not allowed to use smtp | not authori .. to use smtp
        | not permitted to use smtp | external access | third-party access | third party access
        | third-party client | mail client access | enable pop | enable imap | enable smtp
        | please enable | turn on pop | turn on imap | turn on smtp | open smtp | pop3/smtp
        | pop3/imap | imap/smtp | logindisabled | service is disabled | protocol .. disabled
        | smtp .. nicht aktiviert | imap .. nicht aktiviert | nicht freigeschaltet | freischalt
        | zugriff .. deaktiviert | nicht fur smtp | pop3 und imap | smtp .. desactive
        | imap .. desactive | acces .. desactive | smtp .. desactivad | imap .. desactivad
        | no esta habilitad | non abilitat | non e abilitat | nao esta habilitad | nao habilitad
        | niet ingeschakeld | smtp .. отключен | доступ .. запрещен | включите | 未开启 | 未启用
        | 服务未 | 没有开启 | 开启smtp | 关闭""",
        unless="""relay | {recipient} .. {not_allowed} | authentication is disabled
        | auth is disabled""",
        stages=LOGIN,
    ),
    Sign(
        Cause.AUTH_BACKEND_UNAVAILABLE,
        words="""temporary authentication failure | temporary auth | temporarily unable to auth
        | unable to authenticate at present | temporary server error .. auth | auth .. temporar
        | authentication .. temporar | auth server .. down | auth server .. unavailable
        | authentication server | authentication service | authentication backend | auth backend
        | password verification .. unavailable | generic failure | internal authentication
        | internal error .. auth | auth .. internal error | authentication .. unavailable
        | auth .. unavailable | cannot contact | can't contact | ldap | radius
        | connection lost to authentication | saslauthd | sasl .. no mechanism available
        | database error | {login} .. {temporarily} | {temporarily} .. {login}
        | unavailable .. login | login .. unavailable | login service | authenticationservice
        | [unavailable] | [inuse] | [serverbug]""",
        unless="""too many | rate | locked | web browser | attempts | incorrect
        | invalid credentials""",
        stages=LOGIN,
    ),
    Sign(
        Cause.TOO_MANY_AUTH_FAILURES,
        codes=(421, 454),
        words="{too_many} | {later} | rate | throttl",
        stages=LOGIN,
        unless="""temporary authentication failure | {temporarily} .. {login}
        | {temporarily} .. error | backend | internal | {temporarily} .. {failed}""",
    ),
    Sign(Cause.AUTH_BACKEND_UNAVAILABLE, stages=LOGIN, codes=(454, 451, 421, 435)),
    Sign(Cause.AUTH_BACKEND_UNAVAILABLE, enhanced=("4.7.0", "4.3.0", "4.3.2"), stages=LOGIN),
)

METHODS = (
    Sign(
        Cause.CREDENTIALS_NOT_SENT,
        words="""username is empty | user name is empty | empty username | empty user name
        | empty password | password is empty | blank username | blank password | no credentials
        | missing credentials | credentials not | undefined .. pass | without credentials
        | no username | no password | username required | password required | login required
        | missing .. password | authentication credentials not | credentials .. missing
        | credentials were not provided | credentials were not | no authentication .. provided
        | null username | leer | kein passwort | keine anmeldedaten | identifiants manquants
        | vide$ | credenciales vacias | sin credenciales | mancano le credenziali""",
        stages=(*LOGIN, Stage.TOKEN),
        unless="invalid | scope",
    ),
    Sign(
        Cause.CREDENTIALS_NOT_SENT,
        stages=LOGIN,
        when=lambda symptom: bool(_EMPTY_LINE.search(symptom.text)),
    ),
    Sign(
        Cause.AUTH_NOT_OFFERED,
        words="""auth not enabled | authentication not enabled | authentication is not enabled
        | auth not available | auth command not .. available | auth not advertised
        | auth not supported | authentication not supported | authentication is not supported
        | not support authentication | n't support authentication | not support auth
        | n't support auth | no support for auth | not advertise auth | n't advertise auth
        | n't offer auth | not offer auth | not offer authentication | no authentication mechanism
        | no auth mechanism | auth extension not supported | smtp auth extension
        | authentication is disabled | auth .. not implemented | auth .. not allowed
        | auth command used when not advertised | used when not advertised | auth .. unavailable
        | authentication not allowed | auth .. not permitted | no auth capability
        | no supported authentication | keine authentifizierung | authentification non .. support
        | unterstutzt .. keine auth | n'accepte pas .. auth | no admite .. autentic
        | no soporta .. autentic | non supporta .. autentic | nao suporta .. autentic
        | ondersteunt geen .. auth | auth .. verboten | server doesn't support login
        | login not supported""",
        unless="""mechanism .. not supported | method .. not supported | type .. not supported
        | unrecognized authentication type | ntlm | gssapi | cram | basic authentication is
        | unsupported .. mechanism | compatible""",
        stages=(*LOGIN, Stage.EHLO, Stage.TLS),
    ),
    Sign(Cause.AUTH_NOT_OFFERED, stages=LOGIN, codes=(503,), unless="bad sequence & mechanism"),
    Sign(
        Cause.AUTH_MECHANISM_UNSUPPORTED,
        words="""mechanism | no suitable auth | no compatible auth | no supported auth
        | unrecognized authentication | unrecognised authentication | unsupported authentication
        | authentication type | authentication method | auth method | auth type
        | authenticat .. no common | authenticators | method not supported | unknown auth
        | auth=ntlm | sasl method | 504 | unrecognized command | command unrecognized
        | command not recognized | command not implemented | unrecogni | not implemented
        | authentifizierungsmethode | *authentifizierungsverfahren | methode d'authentification
        | metodo de autenticacion | metodo di autenticazione | metodo de autenticacao
        | verificatiemethode | 不支持的认证""",
        unless="""authentication failed | failed to authenticate | another step
        | authenticationexception | username and password | incorrect | bad credentials
        | authentication unsuccessful | authentication failure | invalid credentials
        | password not accepted | login denied | {password} .. {failed}""",
        stages=(*LOGIN, Stage.EHLO),
    ),
    Sign(Cause.AUTH_MECHANISM_UNSUPPORTED, stages=LOGIN, codes=(500, 502, 504)),
    Sign(
        Cause.USERNAME_FORMAT_WRONG,
        words="""{full_address} | use .. {full_address} .. user | invalid user name
        | invalid username | malformed user | invalid login name | username .. format
        | user name .. format | login name .. format | username must | user name must
        | username should be | must be an email | must be the full | domain\\user | upn
        | user principal name | not a valid username | username .. not valid | bad username
        | illegal user | benutzername .. format | benutzername .. ungultig | benutzername muss
        | format .. utilisateur | nom d'utilisateur invalide | nombre de usuario no valido
        | nome utente non valido | without domain | no domain .. user | missing .. domain
        | user .. no domain | domain part | realm""",
        unless="password",
        stages=LOGIN,
    ),
    Sign(
        Cause.USERNAME_FORMAT_WRONG,
        words="{full_address}",
        stages=LOGIN,
    ),
)

REFUSED = (
    Sign(
        Cause.APP_PASSWORD_REQUIRED,
        stages=LOGIN,
        codes=(5, 0),
        protocols=_MAIL,
        words="{failed} | {login} | {password} | {not_allowed} | ssl | login fail",
        when=_needs_app_password,
    ),
    Sign(
        Cause.USERNAME_FORMAT_WRONG,
        stages=LOGIN,
        codes=(5,),
        when=_wants_whole_address,
    ),
    Sign(
        Cause.CREDENTIALS_NOT_SENT,
        words="""authentication required | authentication is required | auth required
        | authentication needed | requires authentication | not authenticated | n't authenticated
        | must authenticate | must be authenticated | please authenticate | need to authenticate
        | authenticate first | unauthenticated sender | auth is required | auth first
        | auth needed | authentifizierung erforderlich | not logged in | log in first
        | login first | must login | must log in | please login | please log in | you must auth
        | need authenticat | need auth | need to auth | anonymous | before sending
        | authenticated users only | only authenticated | smtp auth | smtp authentication
        | authentication credentials | authorization required | first .. authenticat
        | mail not authenticated | {login} .. erforderlich | {login} .. notig
        | {login} .. benotigt | bitte .. anmelden | zuerst .. anmelden | nicht angemeldet
        | nicht authentifiziert | authentification requise | authentification .. necessaire
        | authentification obligatoire | authentifier | pas authentifie | non authentifie
        | requiere autenticacion | autenticacion requerida | autenticacion .. necesaria
        | debe autenticarse | no autenticado | no se autentico | autenticazione richiesta
        | autenticazione necessaria | richiede .. autenticazione | devi autenticarti
        | non autenticat | autenticacao necessaria | requer autenticacao
        | autenticacao .. obrigatoria | nao autenticado | aanmelding vereist
        | authenticatie vereist | niet aangemeld | niet geauthenticeerd
        | wymagane uwierzytelnienie | wymagana autoryzacja | требуется авторизац
        | необходима авториз | требуется аутентиф | не авторизован | 需要认证 | 需要身份验证
        | 请先登录 | 需要登录 | 未认证 | 認証が必要 | pop before smtp | check mail first
        | check for new mail | pop-before-smtp""",
        unless="""sender policy | dmarc | spf$ | dkim | unauthenticated email | helo
        | rst.sendernotauthenticated | only authenticated .. recipient | resolver.rst | relay
        | cannot receive | to this group | to group | range | this address only accepts
        | only accepts | failed | message does not have""",
        stages=(*_MESSAGE, Stage.EHLO, Stage.GREETING),
        codes=(5, 0),
    ),
    Sign(
        Cause.CREDENTIALS_NOT_SENT,
        words="""authentication required | auth required | requires authentication
        | not authenticated | must authenticate | need to authenticate | smtp auth""",
        codes=(5,),
        stages=(Stage.SENDER, Stage.RECIPIENT),
        unless="""resolver.rst | spf$ | dkim | group | accepts | unable to relay | relaying denied
        | relay access denied | to relay""",
    ),
    Sign(Cause.CREDENTIALS_NOT_SENT, codes=(530,), stages=_MESSAGE, unless="spam | address"),
    Sign(
        Cause.CREDENTIALS_NOT_SENT,
        codes=(450,),
        stages=(Stage.SENDER,),
        words="mailbox unavailable",
        when=lambda symptom: symptom.around.security == "none",
    ),
    Sign(
        Cause.CREDENTIALS_NOT_SENT,
        words="client host rejected: access denied",
        stages=(Stage.SENDER, Stage.RECIPIENT),
    ),
)

USUAL = (
    # .NET says the same for a wrong password and for a login that was never made.
    Sign(
        Cause.WRONG_PASSWORD,
        words="required a secure connection or the client was not authenticated",
    ),
    Sign(
        Cause.OAUTH_TOKEN_REJECTED,
        stages=LOGIN,
        words="xoauth2 | oauthbearer | bearer token | access token | auth=bearer",
    ),
    Sign(
        Cause.OAUTH_TOKEN_REJECTED,
        stages=LOGIN,
        when=lambda symptom: symptom.around.signs_in_by_token,
    ),
    Sign(Cause.WRONG_PASSWORD, stages=LOGIN, protocols=_MAIL),
    Sign(Cause.WRONG_PASSWORD, codes=(535,)),
)
