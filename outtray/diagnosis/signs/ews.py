"""What Exchange Web Services say (learn.microsoft.com, "ResponseCode"), and exchangelib of them."""

from __future__ import annotations

import re

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.sign import Sign
from outtray.diagnosis.symptom import Symptom
from outtray.transports.base import Stage

_EWS = ("ews",)
_DNS_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_CLOUD = re.compile(r"outlook\.office(365)?\.(com|us)|outlook\.com|partner\.outlook\.cn")


def _is_no_domain(symptom: Symptom) -> bool:
    domain = symptom.around.domain
    return bool(domain) and not _DNS_NAME.fullmatch(domain)


def _is_in_cloud(symptom: Symptom) -> bool:
    told = f"{symptom.around.host} {symptom.around.url} {symptom.spoken.whole}"
    return bool(_CLOUD.search(told)) or symptom.provider.lower().startswith(
        ("microsoft 365", "office 365", "exchange online", "outlook.com")
    )


NAMED = (
    # The identifiers of our own, beside Exchange's (`transports/ews/failures.py`).
    Sign(Cause.EWS_RETIRED, words="ewsretired"),
    Sign(Cause.EWS_WRONG_URL, words="ewswrongurl"),
    Sign(Cause.EWS_DOMAIN_FORMAT, words="ewsdomainform"),
    Sign(Cause.EWS_DISABLED, words="ewsdisabled"),
    Sign(Cause.EWS_VERSION_MISMATCH, words="ewsversionunknown"),
    Sign(Cause.INVALID_ADDRESS_SYNTAX, words="ewsrecipients"),
    Sign(Cause.ACCOUNT_LOCKED, words="accountlocked"),
    Sign(
        Cause.EWS_DOMAIN_FORMAT,
        words="""domain should be in the format | domain .. format of | format .. company.com
        | domain name .. incorrect format | invalid domain | domain .. not valid | bad domain
        | no such domain | no_such_domain | nosuchdomain | domain .. invalid | wrong domain
        | domain .. ungultig | domane .. format | domaine .. format | dominio .. formato | netbios
        | domain .. quotes""",
        protocols=_EWS,
        unless="autodiscover | certificate",
    ),
    Sign(
        Cause.EWS_DOMAIN_FORMAT,
        protocols=_EWS,
        stages=(Stage.SETTINGS, Stage.LOGIN, Stage.CONNECT, Stage.ANSWER, Stage.MAILBOX),
        when=_is_no_domain,
    ),
    Sign(
        Cause.EWS_AUTODISCOVER_FAILED,
        words="autodiscover | auto-discover | auto discover | autodiscovery",
        unless="ntlm & 401 | certificate .. {expired}",
    ),
    Sign(
        Cause.EWS_IMPERSONATION_DENIED,
        words="""impersonateuserdenied | impersonationdenied | impersonationfailed
        | permission to impersonate | not .. impersonate | impersonat | applicationimpersonation
        | serialize tokens | serialize the token | tokenserializationdenied
        | full access .. mailbox""",
        unless="delegat & google",
        protocols=("ews", ""),
    ),
    Sign(
        Cause.EWS_VERSION_MISMATCH,
        words="""incorrectschemaversion | invalidserverversion | invalidschemaversion
        | requestserverversion | schema version | server version | exchangeversion
        | does not support the requested version | doesn't support the requested version
        | not supported in this version | not supported by this version | invalid version
        | version .. not supported | exchange server .. version | unsupported version
        | older version of exchange | not supported by the version | exchange2007
        | serverversioninfo""",
        protocols=("ews", ""),
        unless="tls | ssl",
    ),
    Sign(
        Cause.EWS_RETIRED,
        words="""ews .. retired | ews .. retirement | ews .. deprecated | ews .. no longer
        | ews .. been blocked | ews .. being retired | web services .. retired
        | web services .. no longer | web services .. deprecated | ews access .. blocked
        | web services .. has been turned off | ewsenabled .. false & exchange online
        | migrate to microsoft graph | use microsoft graph | ews .. abgeschaltet
        | ews .. eingestellt | ews .. ended | ews .. end of""",
        protocols=("ews", "graph", ""),
    ),
    Sign(
        Cause.EWS_DISABLED,
        words="""ews is disabled | ews .. disabled | ews .. not enabled | ews .. not allowed
        | ews .. blocked | ewsenabled | ewsapplicationaccesspolicy | ewsallowlist | ewsblocklist
        | exchangeapplicationnotallowed | applicationnotallowed | web services .. disabled
        | web services are not currently available | web services .. not available
        | web services .. not enabled | web services .. blocked | ews .. not licensed
        | not licensed for ews | user configuration blocked | ews .. turned off
        | ews .. switched off | ews .. deaktiviert | ews .. abgeschaltet | ews .. desactive
        | ews .. deshabilitad | ews .. disabilitat | virtual directory .. disabled""",
        protocols=("ews", ""),
    ),
    Sign(
        Cause.ACCOUNT_LOCKED,
        words="""passwordexpired | passwordchangerequired | accountdisabled | password .. expired
        | unauthorized blocked user | account .. {locked} | account_locked | account_disabled
        | nt_status_account""",
        protocols=_EWS,
    ),
    Sign(Cause.ACCOUNT_LOCKED, codes=(456, 457), protocols=_EWS),
    Sign(
        Cause.MAILBOX_NOT_FOUND,
        words="""nonexistentmailbox | no mailbox with | smtp address has no mailbox
        | mailbox .. not found | mailbox .. does not exist | no mailbox is associated | no mailbox
        | mailbox .. associated""",
        protocols=_EWS,
    ),
    Sign(
        Cause.BASIC_AUTH_RETIRED,
        words="""basic authentication | basic auth | unauthorized | wrong username or password
        | 401 | invalid credentials | {login} .. {failed}""",
        protocols=_EWS,
        when=_is_in_cloud,
        unless="token | oauth | bearer | audience | scope",
    ),
    Sign(
        Cause.BASIC_AUTH_RETIRED,
        codes=(401,),
        protocols=_EWS,
        when=_is_in_cloud,
        unless="token | oauth | bearer | audience | scope",
    ),
    Sign(
        Cause.EWS_WRONG_URL,
        words="""services.wsdl | wsdl | /owa | owa$ | not a valid soap | not soap | text/html
        | contain valid xml | valid xml | not xml | xml parse | unexpected content type
        | content type .. text | page not found | file or directory not found | not find the page
        | 404 | 405 | method not allowed | resource cannot be found | endpoint .. not found
        | invalid url | invalid uri | uri .. invalid | url .. invalid | malformed url | no host
        | wrong url | too many redirects | redirect | 302 | 301 | 308 | not an exchange
        | exchange.asmx | unexpected end tag | syntax error | html response | document is empty
        | doctype html | not found""",
        protocols=_EWS,
        unless="""in the store | mailbox | 401 | unauthorized | user .. not found | authenticat
        | throttl | item""",
    ),
    Sign(Cause.EWS_WRONG_URL, codes=(404, 405, 301, 302, 410), protocols=_EWS),
    Sign(
        Cause.AUTH_MECHANISM_UNSUPPORTED,
        words="""no valid auth | auth type .. not supported | unsupported auth | auth_type
        | no auth types | failed to get auth type | unknown auth | kerberos .. {failed} | gssapi
        | spnego""",
        protocols=_EWS,
    ),
)

USUAL = (
    Sign(Cause.WRONG_PASSWORD, codes=(401,), protocols=_EWS),
    Sign(
        Cause.WRONG_PASSWORD,
        words="""unauthorized | unauthorised | 401 | {login} .. {failed} | {password} .. {failed}
        | invalid credentials | logon failure | ntlm""",
        protocols=_EWS,
    ),
    Sign(Cause.EWS_DISABLED, codes=(403,), protocols=_EWS),
    Sign(
        Cause.EWS_IMPERSONATION_DENIED,
        words="accessdenied | access is denied | access denied | no permission | nopermission",
        protocols=_EWS,
    ),
    Sign(Cause.EWS_DISABLED, words="403 | forbidden", protocols=_EWS),
    Sign(Cause.RATE_LIMITED, codes=(429,), protocols=_EWS),
    Sign(
        Cause.API_REQUEST_MALFORMED,
        words="""schemavalidation | schema validation | invalid request | bad request | malformed
        | invalidrequest | deserialize""",
        protocols=_EWS,
    ),
    Sign(Cause.API_REQUEST_MALFORMED, codes=(400, 415), protocols=_EWS),
    Sign(Cause.SERVER_TEMPORARY_FAILURE, protocols=_EWS),
)
