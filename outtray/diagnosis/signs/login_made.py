"""What tells how a login was made, or that none was made, and what a refusal usually means."""

from __future__ import annotations

import re

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.sign import Sign
from outtray.diagnosis.symptom import Symptom
from outtray.transports.base import Stage

LOGIN = (Stage.LOGIN,)
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


METHODS = (
    # What the server offers says more than the words with which it then refuses.
    Sign(
        Cause.TLS_REQUIRED,
        stages=(*LOGIN, Stage.SENDER),
        codes=(5, 0),
        when=lambda symptom: (
            symptom.around.lacks("AUTH")
            and "STARTTLS" in symptom.around.offered
            and symptom.around.security == "none"
        ),
    ),
    Sign(
        Cause.AUTH_NOT_OFFERED,
        stages=LOGIN,
        codes=(5, 0),
        when=lambda symptom: symptom.around.lacks("AUTH"),
    ),
    Sign(
        Cause.CREDENTIALS_NOT_SENT,
        words="""username is empty | user name is empty | empty username | empty user name
        | empty password | password is empty | blank username | blank password | no credentials
        | missing credentials | turn on smtp auth | credentials not | undefined .. pass
        | without credentials | no username | no password | username required | password required
        | login required | missing .. password | authentication credentials not
        | credentials .. missing | credentials were not provided | credentials were not
        | no authentication .. provided | null username | leer | kein passwort
        | keine anmeldedaten | identifiants manquants | vide$ | credenciales vacias
        | sin credenciales | mancano le credenziali""",
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
        | authentication is disabled | auth .. not implemented | auth$ .. not allowed
        | auth command used when not advertised | used when not advertised | auth$ .. unavailable
        | authentication not allowed | auth$ .. not permitted | no auth capability
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
    Sign(Cause.AUTH_NOT_OFFERED, stages=LOGIN, codes=(503,), unless="mechanism"),
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
        words="""{full_address} | use .. {full_address} .. user | in the form user
        | username in the form | invalid user name | invalid username | malformed user
        | invalid login name | username .. format | user name .. format | login name .. format
        | username must | user name must | username should be | must be an email
        | must be the full | domain\\user | upn | user principal name | not a valid username
        | username .. not valid | bad username | illegal user | benutzername .. format
        | benutzername .. ungultig | benutzername muss | format .. utilisateur
        | nom d'utilisateur invalide | nombre de usuario no valido | nome utente non valido
        | without domain | no domain .. user | missing .. domain | user .. no domain | domain part
        | realm""",
        unless="{password}",
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
        | auth command must | authenticated users only | only authenticated | smtp auth
        | smtp authentication | authentication credentials | authorization required
        | first .. authenticat | mail not authenticated | {login} .. erforderlich
        | {login} .. notig | {login} .. benotigt | bitte .. anmelden | zuerst .. anmelden
        | nicht angemeldet | nicht authentifiziert | authentification requise
        | authentification .. necessaire | authentification obligatoire | authentifier
        | pas authentifie | non authentifie | requiere autenticacion | autenticacion requerida
        | autenticacion .. necesaria | debe autenticarse | no autenticado | no se autentico
        | autenticazione richiesta | autenticazione necessaria | richiede .. autenticazione
        | devi autenticarti | non autenticat | autenticacao necessaria | requer autenticacao
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
    Sign(Cause.CREDENTIALS_NOT_SENT, codes=(530,), stages=LOGIN, unless="{failed} | {password}"),
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
