"""Exchange servers of one's own, over Exchange Web Services (EWS), with exchangelib.

`opening.py` holds the steps from the settings to an open mailbox; sending and Validate take
the same. A message is laid down as a draft with its exact MIME, its recipients are read back,
and only then is it sent, with a copy in Sent Items. exchangelib is an extra (`exchange`,
and `kerberos`), imported when the first password is used; everything before does without.

Promises: a password goes to the server of the Exchange Uri only, over verified TLS, and not
before that server has been seen to be no Exchange Online. Delivery tries one form of the user
name, Validate two at most, since every refused one counts towards a lock-out. Only the
envelope's recipients get a message. Where an answer is lost, the end is `Unanswered`.

It does not look for the address of the server (Autodiscover): see `transports/detection`.

A failure's `identifier` is Exchange's own ResponseCode ("ErrorSendAsDenied"), or of ours:

* EwsRetired: the Exchange Uri is Exchange Online's (cause ews_retired).
* EwsWrongUrl: no EWS answers there, but a page (Outlook on the web), a description (WSDL),
  nothing (404) or a detour; fact `uri`: where it does answer (ews_wrong_url).
* EwsDomainForm: the domain has not the form company.com (ews_domain_format). Where a login was
  refused, the facts `server_domain` and `server_dns_domain` say what the server calls its own.
* EwsDisabled: 403, so EWS is closed for this mailbox or from outside (ews_disabled).
* EwsVersionUnknown: it speaks SOAP, but tells no version (ews_version_mismatch); likewise
  ErrorInvalidServerVersion, ErrorIncorrectSchemaVersion and
  ErrorInvalidSchemaVersionForMailboxVersion, where it speaks none of ours.
* EwsRecipients: the server would send to others than it was told; nothing was sent.
* EwsClientMissing: the extra is not installed here.
* UnauthorizedError: a refused login; AccountLocked: the account is locked out.
* ErrorImpersonateUserDenied, ErrorNonExistentMailbox, ErrorAccessDenied and ErrorSendAsDenied
  come from Exchange. Certificates, names and lines are told by `trouble`, as everywhere.

Start reading in `transport.py`, then `opening.py`, `handover.py`.
"""
