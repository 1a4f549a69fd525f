"""What a no of a web interface means, and for whom: sign-in, Graph, Gmail, Exchange.

They say why by an identifier of their own, which counts before the HTTP status: Exchange
answers nearly everything with 500, Google every quota with 403.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from outtray.transports.base import Failure, Scope, Source, Stage
from outtray.transports.waits import wait_asked_for

Meaning = tuple[Scope, bool]

WAITS: Meaning = (Scope.SERVER, True)
RESTS: Meaning = (Scope.MAILBOX, True)
SETTINGS: Meaning = (Scope.MAILBOX, False)
SENDER: Meaning = (Scope.SENDER, False)
MESSAGE: Meaning = (Scope.MESSAGE, False)

_NAMED: Mapping[Meaning, str] = {
    # RFC 6749 §4.1.2.1, RFC 8628 §3.5; Google, Graph and Exchange for a passing fault or haste.
    WAITS: """
        temporarily_unavailable server_error slow_down
        rateLimitExceeded userRateLimitExceeded concurrentLimitExceeded backendError
        internalError internalServerError transientError RESOURCE_EXHAUSTED UNAVAILABLE
        ApplicationThrottled MailboxConcurrency TooManyRequests activityLimitReached
        serviceNotAvailable ServiceUnavailable generalException InternalServerError
        GatewayTimeout UnknownError RequestTimeout
        ErrorServerBusy ErrorInternalServerTransientError ErrorInternalServerError
        ErrorTimeoutExpired ErrorConnectionFailed ErrorMailboxStoreUnavailable
        ErrorMailboxMoveInProgress ErrorExceededConnectionCount ErrorTooManyObjectsOpened
        ErrorNoRespondingCASInDestinationSite ErrorMessageTransientError ErrorADUnavailable
        ErrorInsufficientResources ErrorBatchProcessingStopped INUSE SERVERBUG LIMIT THROTTLED
        ErrorItemNotFound ErrorItemSave ErrorConnectionFailedTransientError ErrorMailboxFailover
        ErrorNotEnoughMemory ErrorProxyCallFailed ErrorProxyRequestProcessingFailed
        ErrorProxyServiceDiscoveryFailed ErrorNoApplicableProxyCASServersAvailable
        ErrorIrresolvableConflict ErrorStaleObject ErrorADOperation
    """,
    RESTS: """
        dailyLimitExceeded quotaExceeded ErrorExceededMessageLimit ErrorSendQuotaExceeded
        ErrorMessageSubmissionBlocked ErrorQuotaExceeded ErrorAccountSuspend
        ErrorAccountSuspended ErrorRecipientQuotaExceeded MapiExceptionShutoffQuotaExceeded
        SubmissionQuotaExceededException OVERQUOTA
        ErrorSubmissionQuotaExceeded
    """,
    SENDER: """
        ErrorSendAsDenied ErrorSendOnBehalfOfDenied SendAsDeniedException
    """,
    MESSAGE: """
        invalidArgument uploadTooLarge ErrorMessageSizeExceeded RequestEntityTooLarge
        ErrorInvalidRecipients ErrorMissingRecipients ErrorMailRecipientNotFound
        ErrorInvalidInternetHeader ErrorInvalidSmtpAddress ErrorMimeContentInvalid
        ErrorMimeContentInvalidBase64String ErrorContentConversionFailed
        ErrorAttachmentSizeLimitExceeded ErrorVirusDetected ErrorVirusMessageDeleted
        ErrorRecipientLimitExceeded ErrorTooManyRecipients
        ErrorMimeContentConversionFailed ErrorUnsupportedMimeConversion ErrorDataSizeLimitExceeded
        ErrorSchemaValidation ErrorInvalidRequest ErrorCorruptData ErrorItemCorrupt
    """,
    # RFC 6749 §5.2, OpenID Connect, RFC 5530 §3; what else needs somebody's hand.
    SETTINGS: """
        invalid_grant invalid_client invalid_request invalid_scope invalid_token
        unauthorized_client unsupported_grant_type access_denied consent_required
        interaction_required login_required insufficient_scope insufficient_permissions
        authError insufficientPermissions accessNotConfigured forbidden delegationDenied
        domainPolicy failedPrecondition FAILED_PRECONDITION UNAUTHENTICATED SERVICE_DISABLED
        ACCESS_TOKEN_SCOPE_INSUFFICIENT
        InvalidAuthenticationToken CompactToken ErrorAccessDenied AccessDenied
        Authorization_RequestDenied Authorization_IdentityNotFound ErrorInvalidUser
        MailboxNotEnabledForRESTAPI MailboxNotSupportedForRESTAPI ResourceNotFound
        Request_ResourceNotFound OrganizationFromTenantGuidNotFound ErrorNonExistentMailbox
        ErrorImpersonateUserDenied ErrorImpersonationDenied ErrorIncorrectSchemaVersion
        ErrorInvalidServerVersion ErrorInvalidSchemaVersionForMailboxVersion
        ErrorPasswordExpired ErrorPasswordChangeRequired ErrorAccountDisabled
        ErrorMissingEmailAddress ErrorMailboxConfiguration ErrorNoPermission AutoDiscoverFailed
        ErrorMailboxLogonFailed ErrorInvalidMailbox ErrorFolderNotFound ErrorNonPrimarySmtpAddress
        ErrorCallerIsInvalidADAccount ErrorProxyRequestNotAllowed
        AUTHENTICATIONFAILED AUTHORIZATIONFAILED EXPIRED PRIVACYREQUIRED CONTACTADMIN NOPERM
        WEBALERT
    """,
}
BY_NAME: Mapping[str, Meaning] = {
    name.lower(): meaning for meaning, names in _NAMED.items() for name in names.split()
}

# learn.microsoft.com, "Microsoft Entra authentication error codes": those that pass.
_PASSING_AADSTS = frozenset({"90006", "90012", "90033", "90055", "90051", "50196", "50087"})
_AADSTS = re.compile(r"\bAADSTS(\d{5,7})\b")
_NAME = re.compile(r"[A-Za-z]+(?:_[A-Za-z]+)*")

_BY_STATUS: Mapping[int, Meaning] = {
    400: MESSAGE,
    402: RESTS,
    408: WAITS,
    411: MESSAGE,
    413: MESSAGE,
    415: MESSAGE,
    422: MESSAGE,
    425: WAITS,
    429: WAITS,
    507: RESTS,
}
# What a token of the wrong kind is told, with the status of a wrong message.
_WRONG_TOKEN = re.compile(r"delegated authentication|/me request|\btoken\b", re.IGNORECASE)


def failure_from_api(
    status: int, text: str, *, stage: Stage, identifier: str = "", retry_after: float = 0
) -> Failure:
    """Say what a refusal means, and for whom. `status` is 0 where there was none."""
    scope, is_temporary = _meaning(status, text, identifier, stage)
    return Failure(
        stage=stage,
        scope=scope,
        is_temporary=is_temporary,
        source=Source.SERVER,
        text=text,
        code=status,
        wait=(retry_after or wait_asked_for(text)) if is_temporary else 0,
        identifier="" if identifier.isdigit() else identifier,
    )


def _meaning(status: int, text: str, identifier: str, stage: Stage) -> Meaning:
    aadsts = _AADSTS.search(f"{identifier} {text}")
    if aadsts:
        return WAITS if aadsts[1] in _PASSING_AADSTS else SETTINGS
    named = next(_named(f"{identifier} {text}"), None)
    if named:
        return named
    if status in _BY_STATUS and stage is not Stage.LOGIN:
        return SETTINGS if status == 400 and _WRONG_TOKEN.search(text) else _BY_STATUS[status]
    if (status in _BY_STATUS and _BY_STATUS[status] is WAITS) or status >= 500:
        return WAITS
    if status or stage is Stage.LOGIN:
        return SETTINGS
    return WAITS


def _named(text: str) -> Iterator[Meaning]:
    """What the identifiers of a text mean, those that say most first."""
    found = [BY_NAME[name.lower()] for name in _NAME.findall(text) if _is_name(name)]
    yield from sorted(found, key=_ORDER.index)


def _is_name(word: str) -> bool:
    """Common words are identifiers only as they are written: LIMIT is one, "limit" is none."""
    return word.lower() in BY_NAME and (not word.islower() or "_" in word)


_ORDER = (RESTS, SENDER, MESSAGE, WAITS, SETTINGS)
