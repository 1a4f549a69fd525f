"""What Graph, the Gmail API and the web interfaces of relays say, and what a status means there.

Identifiers are learn.microsoft.com's (Graph errors) and developers.google.com's (Gmail API,
"Resolve errors"); what one relay alone says stands in `providers/relays.py`.
"""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.sign import Sign

GRAPH = ("graph",)
GMAIL = ("gmail_api",)
_GOOGLE_MICROSOFT = ("graph", "gmail_api")
_WEB = ("graph", "gmail_api", "ews", "api")
_RELAY = ("api",)

NAMED = (
    Sign(
        Cause.INVALID_ADDRESS_SYNTAX,
        words="""invalidrecipients | invalid 'to' address | invalid 'cc' address
        | invalid to header | invalid cc header | invalid bcc header
        | recipient address required""",
        protocols=_WEB,
    ),
    Sign(Cause.SENDER_NOT_ALLOWED, words="sendasdenied | sendonbehalfofdenied"),
    Sign(Cause.MAILBOX_NOT_FOUND, words="nonexistentmailbox", protocols=_WEB),
    Sign(
        Cause.API_REQUEST_MALFORMED,
        words="""requestbodyread | does not exist on type | unable to read json
        | unsupported segment | only valid with delegated | object was not found in the store
        | itemnotfound | schema validation""",
        protocols=_WEB,
    ),
    Sign(
        Cause.MESSAGE_TOO_LARGE,
        words="""messagesizeexceeded | attachmentsizelimit | payload size | payload too large
        | entity too large | requestentitytoolarge | uploadtoolarge | request body too large
        | maximum request length | too large | exceeds the limit .. bytes | size limit""",
        protocols=_WEB,
    ),
    Sign(
        Cause.API_ACCESS_POLICY_DENIED,
        words="""applicationaccesspolicy | application access policy | apponly accesspolicy
        | access policy settings | blocked by tenant configured | [raop]
        | access to odata is disabled | rbac .. scope | outside .. scope .. mailbox
        | app .. not allowed .. mailbox | accesspolicy | restricted by application access
        | management scope | not in the scope of""",
    ),
    Sign(
        Cause.API_NOT_ENABLED,
        words="""accessnotconfigured | access not configured | has not been used in project
        | has not been used in | api .. is disabled | api .. not enabled | service_disabled
        | it is disabled. enable it | enable it by visiting | api has not been enabled
        | gmail api .. disabled | gmail api .. not .. enabled | servicedisabled
        | continued use requires signup | api not enabled | nicht aktiviert .. api""",
        protocols=("gmail_api", "oauth", "api", "graph", ""),
    ),
    Sign(
        Cause.MAILBOX_NOT_ENABLED,
        words="""mailboxnotenabledforrestapi | mailboxnotsupportedforrestapi
        | rest api is not yet supported | not enabled for rest | mail service not enabled
        | mailbox is either inactive | soft-deleted | hosted on-premise | hosted on premise
        | on-premises mailbox | on-premise mailbox | does not have a mailbox | no mailbox
        | user has no mailbox | no exchange license | exchange online license | no valid license
        | not licensed | no license | without a license | gmail is not enabled | gmail not enabled
        | gmail .. turned off | gmail .. disabled | disabled gmail
        | resource could not be discovered | mailbox .. not been provisioned | not provisioned
        | guest user | mailboxinfostale | mailbox .. not .. enabled | gmail service .. not
        | organizationfromtenantguidnotfound | kein .. postfach | not have .. exchange
        | mailboxnotfound .. license""",
        protocols=("graph", "gmail_api", "oauth", ""),
        unless="access policy",
    ),
    Sign(
        Cause.OAUTH_USER_MISMATCH,
        words="""/me request .. different | user .. does not match the | userid .. not match
        | mailbox .. not the signed""",
        protocols=_GOOGLE_MICROSOFT,
    ),
    Sign(
        Cause.API_REQUEST_MALFORMED,
        words="""/me request is only valid | delegated authentication flow | me request
        | unable to read json | json payload | invalid json | json parse | malformed json
        | unabletodeserialize | requestbodyread | badrequest | bad request | invalidrequest
        | invalidargument | invalid argument | unsupported segment
        | property .. does not exist on type | resource not found for the segment
        | unsupported media type | invalid base64 | base64 | contentinvalid | mimecontentinvalid
        | 'raw' | raw rfc822 | message string or uploading | missing required parameter
        | required parameter | parameter .. required | missing parameter | invalid parameter
        | missing required field | is a required field | required property | missing required
        | parse error | parseerror | unknown field | cannot find field | invalid value at
        | api keys are not supported | not well-formed | invalid payload | validation_error
        | validation error | invalidmessage | must be specified | invalididmalformed
        | id is malformed | unsupportedmediatype | method not allowed | notallowed
        | unsupported api version | invalid content""",
        unless="""invalid email | email address | recipient | not a valid address | verified
        | precondition check | payload size | mail service | to header | rate | quota | expired
        | permission | privilege | credential | 'to' | throttl | from address | sender | size""",
        protocols=_WEB,
    ),
    Sign(
        Cause.SENDER_NOT_ALLOWED,
        words="sendasdenied | sendonbehalfofdenied | send as | send on behalf",
        protocols=_WEB,
    ),
    Sign(
        Cause.SENDER_MAILBOX_FULL,
        words="quotaexceeded | exceeded maximum mailbox size | mailbox .. {full}",
        protocols=("graph", "gmail_api", "ews"),
        unless="submission | recipient | message size",
    ),
    Sign(
        Cause.WEB_LOGIN_REQUIRED,
        words="follow the instructions in your inbox | verify your account",
        protocols=("graph",),
    ),
    Sign(
        Cause.GRAPH_PERMISSION_MISSING,
        words="""authorization_requestdenied | insufficient privileges | accessdenied
        | access is denied | access denied | missing .. role | missing .. permission
        | permission .. missing | no permission | not .. permission | mail.send | mail.readwrite
        | requires .. mail. | application permission | delegated permission | required permission
        | check credentials and try again | not authorized to access | forbidden
        | privileges to complete""",
        protocols=GRAPH,
        unless="scope | scp | token | audience | too many",
    ),
    Sign(
        Cause.MAILBOX_NOT_FOUND,
        words="""nonexistentmailbox | invaliduser | requested user .. is invalid
        | request_resourcenotfound | resourcenotfound | mailbox .. not found | user .. not found
        | mailbox .. does not exist | user .. does not exist | resource .. does not exist
        | no mailbox with | smtp address has no mailbox | mailbox .. with such
        | {user} .. {unknown} | authorization_identitynotfound | requested entity was not found
        | not found""",
        protocols=("graph", "gmail_api", "ews"),
        unless="""tenant | token | application | segment | client | client_id | autodiscover
        | item | page not found | url | 404""",
    ),
    Sign(
        Cause.TOO_MANY_CONNECTIONS,
        words="""exceededconnectioncount | concurrent requests | too many concurrent
        | concurrentlimitexceeded | concurrent""",
        protocols=_WEB,
        unless="mailboxconcurrency",
    ),
    Sign(
        Cause.DAILY_LIMIT,
        words="""dailylimitexceeded | daily limit | quotaexceeded | exceededmessagelimit
        | sendquotaexceeded | submissionquota | daily sending | mail sending | {day} .. {limit}
        | recipientquotaexceeded | daily message quota""",
        protocols=_WEB,
        unless="unauthenticated use | mailbox size | plan | credits | month",
    ),
    Sign(
        Cause.ACCOUNT_SUSPENDED_SPAM,
        words="""messagesubmissionblocked | submissionblocked | accountsuspend | account suspended
        | account is suspended | account has been suspended | sending paused
        | accountsendingpaused | suspended""",
        protocols=_WEB,
    ),
    Sign(
        Cause.RATE_LIMITED,
        words="""ratelimitexceeded | userratelimitexceeded | rate limit | throttl
        | toomanyrequests | too many requests | mailboxconcurrency | user-rate
        | resource_exhausted | backoff | serverbusy | server busy | toomanyobjects
        | activitylimitreached | limit exceeded | quota exceeded for quota | quota metric
        | requests per | back off | slow_down""",
        protocols=_WEB,
    ),
)

USUAL = (
    Sign(
        Cause.WRONG_PASSWORD,
        words="""api key | api-key | apikey | api_key | api token | server token | access key
        | unauthorized | authorization grant is invalid | invalid credentials | {password}
        | security token included | signature | invalid key | invalid_key | authentication
        | forbidden | not authorized | key not found | access forbidden | {login} .. {failed}
        | invalidclienttoken | accesskey | token .. invalid | invalid token | access denied""",
        protocols=_RELAY,
        unless="{sender} | domain | verified | {recipient} | recipients",
    ),
    Sign(Cause.WRONG_PASSWORD, codes=(401,), protocols=_RELAY),
    Sign(Cause.WRONG_PASSWORD, codes=(403,), protocols=_RELAY, unless="{sender} | domain"),
    Sign(Cause.SENDER_NOT_VERIFIED, codes=(403,), protocols=_RELAY),
    Sign(Cause.PLAN_QUOTA_EXHAUSTED, codes=(402,), protocols=_RELAY),
    Sign(Cause.OAUTH_TOKEN_REJECTED, codes=(401,), protocols=_GOOGLE_MICROSOFT),
    Sign(Cause.GRAPH_PERMISSION_MISSING, codes=(403,), protocols=GRAPH),
    Sign(Cause.OAUTH_SCOPE_INSUFFICIENT, codes=(403,), protocols=GMAIL),
    Sign(Cause.MAILBOX_NOT_FOUND, codes=(404,), protocols=_GOOGLE_MICROSOFT),
    Sign(Cause.RATE_LIMITED, codes=(429,)),
    Sign(Cause.SERVER_TEMPORARY_FAILURE, codes=(5,), protocols=("graph", "gmail_api", "api")),
    Sign(
        Cause.SERVER_TEMPORARY_FAILURE,
        words="""backenderror | backend error | internal error | internalerror
        | internalservererror | internal server | transient | unavailable | serviceunavailable
        | unknownerror | generalexception | gateway | timeout | try again
        | mailboxstoreunavailable | mailboxmoveinprogress | temporar""",
        protocols=_WEB,
    ),
    Sign(Cause.API_REQUEST_MALFORMED, codes=(4,), protocols=("graph", "gmail_api", "api")),
    Sign(Cause.API_REQUEST_MALFORMED, protocols=("graph", "gmail_api", "api")),
)
