"""What tells that the message itself is refused: its size, its form, what it holds."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage, Trouble

_MESSAGE = (Stage.SENDER, Stage.RECIPIENT, Stage.CONTENT, Stage.ANSWER, Stage.SIZE, Stage.SEND)
_GIVEN = (Stage.CONTENT, Stage.ANSWER, Stage.SEND)

SEEN = (
    Sign(Cause.MESSAGE_TOO_LARGE, troubles=(Trouble.MESSAGE_TOO_LARGE,)),
    Sign(Cause.MALFORMED_MESSAGE, troubles=(Trouble.MESSAGE_MALFORMED,)),
)

CODES = (
    Sign(
        Cause.MALFORMED_MESSAGE,
        enhanced=("x.6.", "5.7.512", "5.1.20"),
        unless="smtputf8 | conversion required",
    ),
)

CONTENT = (
    Sign(
        Cause.VIRUS_DETECTED,
        words="{virus} | potentially harmful | harmful content | dangerous content",
        unless="""antivirus .. self | avast | kaspersky | mail shield | spam .. virus blocked
        | anti-virus blacklist | {ip} .. infected | virus scanner .. unavailable
        | scanner .. {failed} | content scanner | unable to scan | clamd""",
        stages=_MESSAGE,
    ),
    Sign(
        Cause.ATTACHMENT_BLOCKED,
        words="""attachment .. block | attachment .. not allowed | attachment .. n't allowed
        | attachment .. forbidden | attachment .. reject | attachment .. prohibit
        | attachment .. banned | attachment .. not permitted | attachment .. not accept
        | attachment .. illegal | attachment .. dangerous | attachment .. disallow
        | attachment .. denied | attachment .. policy | attachment .. security
        | attachments .. not allowed | attachments are not | do not accept .. attachment
        | not accept .. attachments | blocked attachment | banned attachment | illegal attachment
        | forbidden attachment | prohibited attachment | blocked file | banned file | banned name
        | illegal file | forbidden file | file type | file extension | blockedmessage
        | potential security issue | executable | dangerous extension | .exe | .zip | .js$ | .bat
        | encrypted archive | password protected | password-protected | mime type .. {not_allowed}
        | mimetype | {attachment} .. {not_allowed} | {not_allowed} .. {attachment}
        | {attachment} .. blockiert | {attachment} .. bloque | {attachment} .. bloquead
        | {attachment} .. bloccat | {attachment} .. blocked | macro""",
        unless="too large | size | too big | virus | password .. expired | url",
        stages=_MESSAGE,
    ),
)

SIZE = (
    Sign(
        Cause.MESSAGE_TOO_LARGE,
        words="""{message} .. {large} | size .. {large} | {large} | message size | size limit
        | messagesizeexceeded | max_message_size | payload size | payload too large
        | request entity too large | entity too large | sizelimit | exceeds message size
        | maximum content length | attachmentsizelimit | attachment .. size .. exceed
        | attachments .. too | size exceeds | maximum request length | request body too large
        | requestentitytoolarge | uploadtoolarge | maximum upload | file size | bytes .. limit
        | octets .. limit""",
        unless="""line too long | line length | header | mailbox .. full | too long local
        | mailbox size | mailbox has exceeded | queue | domain name .. too long | recipients | key
        | took too long | waiting | subject | number of messages | address too long | for too long
        | line is too long | lines too long | too long line""",
        stages=_MESSAGE,
    ),
    Sign(Cause.MESSAGE_TOO_LARGE, enhanced=("x.3.4", "x.2.3"), unless="*policy"),
    Sign(
        Cause.MESSAGE_TOO_LARGE,
        codes=(413,),
        protocols=("graph", "gmail_api", "ews", "api"),
    ),
    Sign(
        Cause.MESSAGE_TOO_LARGE,
        words="exceeded storage allocation",
        codes=(552,),
        stages=(Stage.SENDER, *_GIVEN),
        unless="mailbox",
    ),
)

FORM = (
    Sign(
        Cause.MALFORMED_MESSAGE,
        words="""rfc 2822 | rfc2822 | rfc 5322 | rfc5322 | rfc 822 | rfc822 | rfc 5321 .. header
        | not rfc | rfc compliant | rfc-compliant | rfc violation | multiple .. header
        | duplicate .. header | missing .. header | invalid header | invalid .. header
        | bad header | malformed header | malformed .. header | malformed message | malformed mime
        | malformed mail | malformed content | header .. missing | header .. invalid
        | header .. malformed | header .. not | headers are not | header .. duplicate
        | header .. too long | header .. syntax | header line | headers .. too | 8-bit data
        | 8 bit data | 8bit | 7bit | non-ascii | raw 8-bit | bare lf | bare cr | bare <lf>
        | bare <cr> | bare linefeed | bare newline | bare carriage | line too long
        | lines too long | line length | too long line | line is too long | line limit
        | maximum line | not compliant | noncompliant | non-compliant | missing a valid address in
        | no from | without from | from header .. | missing from | missing date | missing subject
        | missing message-id | missing to | message-id .. | no message-id | no date | date header
        | mime error | mime structure | mime format | mime parse | boundary | invalid mime
        | mimecontent | mime content | wrong charset | charset | utf-8 | null character
        | nul character | nul byte | null byte | control character | smuggling
        | rfcmessagenoncompliant | multiplefromheader | multiple from | more than one from
        | empty message | no content | no body | message has no | headerzeile | kopfzeile
        | en-tete | encabezado | cabecera .. | intestazione | cabecalho | заголов | 信头""",
        unless="""based manually | header based | header-based | anti-spoofing | spam | dkim
        | spf$ | dmarc | authentication | smtputf8 | authorization | api key | api-key | apikey
        | token | requestserverversion | accept header | content-type header | http header | soap
        | requested header | {sender} address | no from address""",
        stages=_MESSAGE,
    ),
    Sign(
        Cause.MALFORMED_MESSAGE,
        enhanced=("5.5.2", "5.5.1"),
        stages=_GIVEN,
        unless="unrecogni | command | bad sequence",
    ),
    Sign(Cause.SMTPUTF8_NOT_OFFERED, words="smtputf8"),
)

JUDGED = (
    Sign(
        Cause.SPAM_CONTENT_REJECTED,
        words="""{spam} | content rejected | content denied | rejecting banned content
        | content filter | content is not accept | suspicious content | looks like
        | suspicious message | considered suspicious | bayes | score | filtered | classified as
        | not accepted .. content | spamassassin | cloudmark | rspamd | ph01 | fraud
        | {message} .. {spam} | als werbung | malicious | undesirable""",
        unless="""policy restriction | administrative | spam-sender ip | {ip} | reverse | header
        | whitelist | anti-spoof | rate limit | {user} .. {unknown} | dynamic | client host""",
        stages=(*_MESSAGE, Stage.GREETING),
    ),
    Sign(Cause.SPAM_CONTENT_REJECTED, enhanced=("5.7.105", "5.7.350", "5.7.352", "5.7.703")),
    Sign(
        Cause.POLICY_REJECTED,
        words="""{policy} | anti-spoof | not allowed from this range | administrative
        | rejected by rule | rejected by the rule | transport rule | transport.rules
        | transportrules | mail rule | mailflow | rejected by local | local rules | local reasons
        | security reasons | security polic | dlp$ | not accepted for | message not allowed
        | message rejected | message refused | rejected for | rejected due | mail rejected
        | email rejected | rejected by | nachricht abgelehnt | nachricht .. abgelehnt
        | message refuse | message rejete | mensaje rechazado | messaggio rifiutato
        | mensagem rejeitada | bericht geweigerd | transaction failed | delivery not allowed
        | delivery not authori | not acceptable | prohibited | you are not allowed | site-specific
        | message could not be accepted | message not accepted""",
        stages=_MESSAGE,
        codes=(5, 0),
        unless="{temporarily} | {later}",
    ),
    Sign(
        Cause.POLICY_REJECTED,
        words="""restricted by policy | policy error | policy rejection | policy violation
        | mailpolicy""",
        stages=_MESSAGE,
    ),
)
