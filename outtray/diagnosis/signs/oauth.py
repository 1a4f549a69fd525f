"""What tells that a token is missing, refused or not enough (RFC 6749, RFC 6750, RFC 7628).

The numbers of Microsoft stand in `providers/microsoft.py`.
"""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.sign import Sign
from outtray.diagnosis.symptom import Symptom
from outtray.transports.base import Stage

_TOKEN = ("oauth",)
_AT_TOKEN = (Stage.TOKEN, Stage.SCOPES, Stage.IDENTITY)


def _is_for_tokens(symptom: Symptom) -> bool:
    return symptom.protocol == "oauth" or symptom.around.signs_in_by_token


NAMED = (
    Sign(
        Cause.OAUTH_DELEGATION_MISSING,
        words="""client is unauthorized to retrieve access tokens using this method
        | domain-wide delegation | domain wide delegation | delegation denied
        | not a valid email or user id | invalid email or user id | service account .. impersonat
        | service accounts .. not | service account .. delegat | invalid impersonation
        | precondition check failed | account not found & invalid_grant | sub .. required
        | subject .. service account | delegationdenied | impersonation is only allowed
        | service account .. no user | service account .. mailbox""",
        unless="ews | exchange",
    ),
    Sign(
        Cause.OAUTH_APP_NOT_FOUND,
        words="""oauth client was not found | deleted_client | oauth client was deleted
        | client was deleted | disabled_client | client not found | client_not_found
        | unknown client | no client with | application not found | app not found
        | client id .. not found | client_id .. not found | client_id .. missing
        | missing .. client_id | client_id is required | required parameter .. client_id
        | 'client_id' | client .. does not exist | your_client_id | your-client-id
        | enter_your_client | app .. was deleted | application .. has been deleted
        | application with identifier | parameter: client_id | no client id
        | client_id .. not specified | client id .. required | missing client id""",
        unless="redirect | aadsts65",
    ),
    Sign(
        Cause.OAUTH_CLIENT_SECRET_EXPIRED,
        words="""client secret .. expired | client secret keys .. expired | secret .. has expired
        | secret .. is expired | expired client secret | secret keys .. expired
        | client credentials .. expired | client certificate .. expired
        | application key .. expired | *clientgeheimnis .. abgelaufen | clientschlussel .. abgel
        | secret client .. expire | secreto .. caducad | segreto .. scadut""",
    ),
    Sign(
        Cause.OAUTH_CLIENT_SECRET_INVALID,
        words="""invalid client secret | client secret .. invalid | client_secret .. invalid
        | client secret is missing | client_secret is missing | missing .. client_secret
        | client secret .. incorrect | incorrect client credentials | client authentication failed
        | client_secret_basic | client authentication .. {failed} | bad client credentials
        | wrong client secret | client_assertion | invalid jwt signature | invalid signature
        | invalid client credentials | unauthorized_client | client credentials .. invalid
        | client secret was not | client_secret .. required | client secret .. required
        | provided client secret | issued to another client | different client
        | not issued to this client | was not issued to | issued to a different
        | client is invalid | bad client | invalid_client | *clientgeheimnis
        | secret client .. invalide | secreto .. no valid""",
        unless="""wrong recipient | aadsts700016 | tenant | grant type | admin | not assigned
        | response type | response_type | scope | redirect""",
    ),
    Sign(
        Cause.OAUTH_SCOPE_INSUFFICIENT,
        words="""insufficient authentication scopes | insufficient_scope | insufficientpermissions
        | access_token_scope_insufficient | insufficient scope | insufficient permission
        | invalid_scope | invalid scope | scope .. not valid | scope .. invalid | scope .. missing
        | missing .. scope | required scope | requires .. scope | scope .. does not exist
        | scope .. not granted | scopes .. not granted | not contain .. scope | not enough scope
        | no scope | scopes requested | unknown scope | wrong scope | invalid audience
        | audience claim | audience .. invalid | wrong audience | audience | aud claim
        | invalid resource | resource principal | resource .. not found in the tenant
        | not granted .. permission .. gmail | token does not have .. scope | fehlende .. scope
        | mail.google.com .. scope | scope .. mail.google.com""",
        unless="aadsts65001 | unauthorized_client | redirect | delegat",
    ),
    Sign(
        Cause.OAUTH_CONSENT_MISSING,
        words="""consent_required | not consented | consent .. required | requires .. consent
        | admin consent | administrator consent | consent to use | has not consented
        | need admin approval | needs admin approval | approval required | admin approval
        | administrator .. approve | administrator .. grant | user declined | declined to consent
        | denied .. consent | consent .. denied | denied access | access_denied | user denied
        | user cancelled | consent was denied | has not completed the google verification
        | google verification process | not been verified by google | google hasn't verified
        | app isn't verified | app is blocked | admin_policy_enforced
        | app is currently being tested | test users | developer-approved testers | access blocked
        | not been granted | grant .. access to the app | zustimmung | einwilligung | consentement
        | consentimiento | consenso | consentimento | 同意""",
        unless="invalid_grant | conditional access | aadsts53 | aadsts500 | token has been",
        protocols=("oauth", "graph", "gmail_api", ""),
    ),
    Sign(
        Cause.MFA_REQUIRED,
        words="multi-factor | multifactor | mfa$ | second factor | invalid_rapt | strong auth",
        protocols=("oauth", "graph"),
        unless="reauth related error",
    ),
    Sign(
        Cause.WRONG_TENANT,
        words="""tenant .. not found | tenant .. does not exist | wrong tenant | invalid tenant
        | tenant identifier | tenant .. invalid | not found in tenant | does not exist in tenant
        | tenant-specific endpoint | not configured as a multi-tenant | multi-tenant
        | /common endpoint | /consumers | personal microsoft account
        | microsoft account users only | org_internal | within its organization | wrong directory
        | not in the tenant | tenant .. mismatch | no tenant | tenant-identifying
        | directory .. not found | issuer .. did not match | issuer .. tenant | unknown tenant
        | work or school account | mandant .. nicht | organizationfromtenantguidnotfound""",
        unless="application with identifier | resource principal | tenant for the",
        protocols=("oauth", "graph", "ews", "smtp", "imap", ""),
    ),
    Sign(
        Cause.OAUTH_USER_MISMATCH,
        words="""authenticated but not connected | user_mismatch | user mismatch
        | username .. does not match .. token | token .. another user | token .. different user
        | token .. other user | token .. not .. same user | does not match the user
        | token was issued for | token belongs to | user does not match
        | email .. does not match .. token | signed in as | signed in with a different
        | different account | wrong account | account mismatch
        | mailbox .. does not match .. token | mismatch .. token | principal .. mismatch
        | user id .. token | upn .. mismatch | not match .. signed | anderer benutzer
        | autre utilisateur | otro usuario | altro utente""",
        unless="client secret",
    ),
    Sign(
        Cause.OAUTH_TOKEN_REVOKED,
        words="""expired or revoked | token has been expired | token has been revoked
        | token .. revoked | revoked .. token | refresh token .. expired
        | refresh_token .. expired | refresh token .. invalid | refresh_token .. invalid
        | refresh token .. not found | refresh token .. missing | no refresh token
        | no refresh_token | refresh token is not set | missing .. refresh_token
        | refresh_token is required | refresh token .. required | invalid refresh
        | invalid_refresh | malformed refresh | grant .. expired | grant .. revoked
        | grant .. invalid | invalid_grant | refresh credentials | can't create new access token
        | cannot create new access token | access token expired | token is expired | token expired
        | token has expired | expired token | expired_token | expired access token
        | lifetime validation failed | expiredauthenticationtoken | session .. expired
        | session has been revoked | sign in again | signin again | reauth related error
        | reauthenticat | re-authenticat | interaction_required | interaction required
        | login_required | authorization .. expired | inactivity | credentials have been revoked
        | permission .. revoked | password .. changed | *token .. abgelaufen | jeton .. expire
        | token .. caducad | token .. scadut | token .. expirou | token .. verlopen
        | токен .. истек""",
        unless="""client secret | security token included | signature .. invalid | scope
        | audience | api key | sendgrid | authorization grant is invalid
        | account has been deleted | password expired | password has expired""",
    ),
    Sign(
        Cause.ACCOUNT_LOCKED,
        words="""account_disabled | account has been deleted | user disabled | account is disabled
        | account disabled | user account is disabled | account has been disabled""",
        protocols=_TOKEN,
    ),
    Sign(
        Cause.OAUTH_TOKEN_REJECTED,
        words="""invalidauthenticationtoken | compacttoken | idx14100 | idx10
        | jwt is not well formed | access token is empty | access token validation
        | authenticationtoken | token validation | invalid_token | invalid token
        | invalid access token | token .. invalid | token .. rejected | token .. malformed
        | malformed token | bad token | bearer token | invalid bearer | oauth token | oauth2 token
        | expected oauth 2 access token | missing required authentication credential
        | invalid authentication credentials | invalid credentials .. autherror | eyjzdgf0dxmi
        | oauthbearer | accesstoken | xoauth2 .. {failed} | {failed} .. xoauth2 | auth xoauth2
        | authenticate xoauth2 | xoauth2 authentication | sasl .. xoauth2 | token .. ungultig
        | jeton .. invalide | token .. no valid | token .. non valid""",
        unless="""security token included | api token | server token | csrf | mechanism .. not
        | unrecognized authentication | unsupported | not supported | invalid_request
        | server does not | account api | tokenserial""",
    ),
)

USUAL = (
    Sign(Cause.RATE_LIMITED, codes=(429,), protocols=_TOKEN),
    Sign(Cause.SERVER_TEMPORARY_FAILURE, codes=(5,), protocols=_TOKEN),
    Sign(
        Cause.OAUTH_TOKEN_REVOKED,
        words="invalid_request | invalid_grant",
        protocols=("oauth",),
        unless="""redirect | required parameter | code_verifier | grant_type | response_type
        | client""",
    ),
    Sign(
        Cause.API_REQUEST_MALFORMED,
        words="""redirect_uri | redirect uri | reply url | code_verifier | code verifier | pkce
        | invalid_request | unsupported_grant_type | unsupported_response_type | response_type
        | grant_type | required parameter | malformed auth code | malformed | state
        | invalid parameter | missing parameter""",
        protocols=_TOKEN,
    ),
    Sign(
        Cause.WRONG_PASSWORD,
        words="{password} | username or password | access_denied",
        protocols=_TOKEN,
    ),
    Sign(
        Cause.OAUTH_TOKEN_REJECTED,
        words="{failed} | {login} | unauthorized | 401",
        when=_is_for_tokens,
        stages=(Stage.LOGIN, *_AT_TOKEN),
        unless="{temporarily} | unavailable | server error",
    ),
    Sign(
        Cause.SERVER_TEMPORARY_FAILURE,
        words="temporarily_unavailable | server_error | unavailable | {temporarily}",
        protocols=_TOKEN,
    ),
    Sign(Cause.OAUTH_TOKEN_REJECTED, protocols=_TOKEN),
)
