"""What tells why a login was refused, or that none was made."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage, Trouble

LOGIN = (Stage.LOGIN,)
_BEFORE = (Stage.CONNECT, Stage.GREETING, Stage.EHLO, Stage.LOGIN)
_MAIL = ("smtp", "imap", "")

SEEN = (
    Sign(Cause.SECRET_UNREADABLE, troubles=(Trouble.SECRET_UNREADABLE,)),
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
        | service .. disabled | too many | protocol | auth is disabled
        | authentication is disabled | for a different | login is disabled""",
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
        | user has no permission | authorizationfailed | not permitted to log
        | not allowed to use smtp | not authori .. to use smtp | not permitted to use smtp
        | external access | third-party access | third party access | third-party client
        | mail client access | enable pop | enable imap | enable smtp | please enable
        | turn on pop | turn on imap | turn on smtp | open smtp | pop3/smtp | pop3/imap
        | imap/smtp | logindisabled | service is disabled | protocol .. disabled
        | smtp .. nicht aktiviert | imap .. nicht aktiviert | nicht freigeschaltet | freischalt
        | zugriff .. deaktiviert | nicht fur smtp | pop3 und imap | smtp .. desactive
        | imap .. desactive | acces .. desactive | smtp .. desactivad | imap .. desactivad
        | no esta habilitad | non abilitat | non e abilitat | nao esta habilitad | nao habilitad
        | niet ingeschakeld | smtp .. отключен | доступ .. запрещен | включите | 未开启 | 未启用
        | 服务未 | 没有开启 | 开启smtp | 关闭""",
        unless="""relay | smtp auth | {recipient} .. {not_allowed} | authentication is disabled
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
        unless="""reason unavailable | too many | rate | locked | web browser | attempts
        | incorrect | invalid credentials""",
        stages=LOGIN,
        codes=(4, 0),
    ),
    Sign(
        Cause.AUTH_BACKEND_UNAVAILABLE,
        words="""temporary authentication failure | {temporarily} .. {login}
        | authentication server""",
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
