"""What tells that a machine, a domain or an account is distrusted or stopped."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage

_FIRST = (Stage.CONNECT, Stage.GREETING)

STOPPED = (
    Sign(
        Cause.ACCOUNT_SUSPENDED_SPAM,
        words="""suspected of sending spam | bad outbound sender | outbound spam | outbound sender
        | suspended due to spam | suspended for spam | suspended for abuse | blocked for spam
        | blocked due to spam | blocked because of spam | locked due to | disabled due to spam
        | disabled for spam | disabled for abuse | disabled due to abuse
        | account .. suspend .. spam | account .. suspend .. abuse | account .. blocked .. spam
        | account .. blocked .. abuse | account .. disabled .. spam | account .. disabled .. abuse
        | account .. restricted .. spam | account .. sending spam | sending .. paused
        | sending paused | accountsendingpaused | sending has been suspended
        | sending is suspended | sending suspended | sending disabled | sending has been disabled
        | sending privileges | outgoing mail .. suspended | outgoing .. suspended
        | outgoing .. blocked | outgoing .. disabled | outbound .. suspended
        | outbound .. disabled | account .. compromised | account is compromised
        | mailbox .. compromised | your account .. suspended | your account .. blocked
        | your account .. restricted | account has been suspended | account is suspended
        | account suspended | account temporarily suspended | user is suspended
        | sender .. suspended | sender is blocked | sender has been blocked
        | you have been blocked | domain .. has been suspended | sending domain .. suspended
        | messagesubmissionblocked | blocked from sending | restricted from sending
        | prohibited from sending | banned sender | possible abuse | spam abuse detected
        | authentication blocked .. spam | konto .. gesperrt | versand .. gesperrt | konto .. spam
        | postfach .. versand | compte .. suspendu | compte .. bloque | envoi .. bloque
        | cuenta .. suspendida | cuenta .. bloquead | account .. sospeso | account .. bloccat
        | conta .. suspens | conta .. bloquead | account .. geblokkeerd | account .. opgeschort
        | аккаунт .. заблокирован | рассылк .. заблокирован | 账号 .. 封禁 | 账户 .. 封禁""",
        unless="""{recipient} | mailbox unavailable | rcpt | that you tried to reach
        | blocked senders | client host | ip address | your ip | too many | is full | inactive
        | envelope blocked | by the user | relay | this user | doesn't have""",
        stages=(
            Stage.SENDER,
            Stage.CONTENT,
            Stage.ANSWER,
            Stage.GREETING,
            Stage.EHLO,
            Stage.LOGIN,
            Stage.SEND,
            Stage.MAILBOX,
        ),
    ),
    Sign(
        Cause.ACCOUNT_SUSPENDED_SPAM,
        words="""bad outbound sender | suspected of sending spam | outbound spam
        | account .. {disabled} .. {spam} | your account .. suspended | your account has been
        | sending suspended""",
    ),
    Sign(Cause.ACCOUNT_SUSPENDED_SPAM, words="access denied", enhanced=("5.1.8",)),
    Sign(Cause.ACCOUNT_SUSPENDED_SPAM, enhanced=("5.7.501", "5.7.502", "5.7.503", "5.7.705")),
)

DISTRUST = (
    Sign(
        Cause.SPAM_CONTENT_REJECTED,
        words="""spamhaus dbl | dbl$ | surbl | uribl | spamvertised | spam url | spam link
        | spammy | url .. {listed} | link .. {listed} | urls .. {listed} | links .. {listed}
        | domain present in | domain .. in content | domain .. in the message | suspicious url
        | suspicious link | malicious url | malicious link | bad url | blacklisted url
        | nature of the content | content and/or the links | links within""",
        unless="mailfrom domain | helo domain",
    ),
    Sign(
        Cause.HELO_REJECTED,
        words="helo domain .. listed | helo .. listed",
    ),
    Sign(
        Cause.SENDER_REPUTATION_LOW,
        words="""mailfrom domain .. listed | from domain .. listed | sending domain .. reputation
        | reputation of the sending domain | domain reputation | sender domain .. {listed}
        | sender's domain .. {listed} | {sender} .. domain .. listed in | rhsbl
        | domain .. blacklist | sender .. {listed} .. domain | domain .. {listed} by""",
        unless="{recipient} | client host | ip address",
    ),
    Sign(
        Cause.IP_BLOCKLISTED,
        words="""block list | blocklist | blacklist | black list | black-list | denylist
        | spamhaus | spamcop | barracudacentral | barracuda reputation | barracudanetworks | rbl$
        | rbls$ | dnsbl | sorbs | uceprotect | abuseat | cbl$ | invaluement | sbl$ | xbl$ | pbl$
        | mailspike | psbl | backscatterer | cloudmark .. ip | senderbase | talos | sender_ip
        | reputation of the sending ip | reputation of your ip | ip reputation
        | reputation of the ip | dynamic ip | dynamic address | dial-up | dialup | dynamically
        | residential | consumer ip | open proxy | tor exit | botnet | not accepting connections
        | {ip} .. blocked | {ip} .. {listed} | {listed} .. {ip} | {ip} .. banned | {ip} .. bloque
        | {ip} .. gesperrt | {ip} .. bloquead | {ip} .. bloccat | {ip} .. geblokkeerd
        | {ip} .. not allowed | {ip} .. not permitted | {ip} .. denied | {ip} .. refused
        | {ip} .. rejected | {ip} .. bad | {ip} .. prohibited | {ip} .. not accepted
        | {ip} .. reputation | reputation .. {ip} | {ip} .. poor | poor reputation
        | bad reputation | *sperrliste | liste noire | lista negra | lista nera | zwarte lijst
        | черн .. спис | 黑名单 | ip .. 拒绝 | ip .. 封 | your ip | mail from .. refused .. see
        | blocked using | blocked by .. list | part of their network | traffic not accepted
        | connection from .. rejected | connections from .. rejected
        | connections from .. not accepted | your host is""",
        unless="""rate limit | temporarily rate | too many | sender policy | spf$ | relay
        | reverse | ptr$ | unverifiable | greylist | recipient .. blocked | blocked senders
        | by recipient | per hour | dmarc | helo | rdns | connection rate | unauthenticated mail
        | whitelist only | concurrent | recipient preferences | helo command | 4.7.28
        | unusual rate | sender's email | allowed to send from | not allowed to send from
        | authentication required | user complaints | relay quota
        | your mail server ip has been temporarily rate | service not available | shutting down
        | too busy""",
    ),
    Sign(
        Cause.RATE_LIMITED,
        words="""unusual rate | temporarily rate limited | temporarily deferred | rate limited
        | deferred due to | unexpected volume | excessive volume""",
        unless="to @ deferred | messages to",
    ),
    Sign(
        Cause.SENDER_REPUTATION_LOW,
        words="""reputation | user complaints | low sender score | senderscore | sender score
        | too many complaints | complaint rate | high complaint | spam rate | untrusted sender
        | sender is not trusted | distrust | sender rejected | not accepted from this sender
        | sender address .. blocked | sender blocked | sender .. {listed} | rufschadig
        | domain .. spam score | low trust | {sender} .. reputation | reputacion | reputazione
        | reputacao | репутац | 信誉""",
        unless="""{recipient} .. blocked | not owned | by the recipient | user unknown
        | by recipient | sender address rejected: domain | blocked senders | envelope""",
    ),
    Sign(
        Cause.IP_BLOCKLISTED,
        stages=_FIRST,
        codes=(5,),
        words="""access denied | local policy | {not_allowed} | {listed} | {spam}
        | no smtp service | service unavailable | not available | rejected | go away | abuse
        | connection refused | transaction failed | bl$ | postmaster""",
        unless="quota | limit | relay | authentication | too many | ptr | reverse | helo",
    ),
)
