"""What tells that it was too much, or too fast."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage

_MESSAGE = (Stage.SENDER, Stage.RECIPIENT, Stage.CONTENT, Stage.ANSWER, Stage.SEND)

SAID = (
    Sign(
        Cause.RECIPIENT_RATE_LIMITED,
        words="""receiving mail too quickly | receiving mail at a rate | receiving too many
        | receivingrate | trying to contact is receiving | trying to contact .. too
        | recipient .. exceeded .. receive | recipient .. limit .. receive | recipient .. per hour
        | recipient .. too many | recipient has exceeded | recipient .. throttl
        | recipient .. rate | mailbox .. receiving | messages to @ deferred
        | messages to <@> deferred | too much mail for | too many messages for this
        | too many messages to this | user .. receiving | inbound .. rate .. recipient
        | recipient .. receiving | recipientthresholdexceeded | empfanger .. zu viele
        | destinataire .. trop | destinatario .. demasiad | destinatario .. troppi""",
        unless="""too many recipients | sent to too many recipients | recipients per
        | recipient limit | recipients this | sender | sending""",
    ),
    Sign(Cause.RECIPIENT_RATE_LIMITED, enhanced=("x.2.122", "x.2.121")),
    Sign(
        Cause.PLAN_QUOTA_EXHAUSTED,
        words="""credits exceeded | credit .. exceed | credits .. exhaust | exceeded .. credits
        | insufficient credit | not enough credit | no credits | out of credits | no more credits
        | maximum credits | credits .. used up | not_enough_credits | credit balance
        | plan .. exceeded | exceeded .. plan | plan limit | plan .. limit | plan's
        | monthly quota | monthly limit | monthly_quota | monthly .. exceeded | per month
        | this month | payment required | payment_required | billing | subscription .. expired
        | subscription has | upgrade your | upgrade to | please upgrade | trial .. limit
        | trial .. expired | trial period | trial has | free plan | free tier .. exceed
        | free tier .. limit | balance | overdue .. invoice | unpaid | guthaben
        | *kontingent .. monat | monatliche | tarif | credits epuises | credit epuise | forfait
        | solde | mensuel | saldo | mensual | credito esaurito | credito insufficiente | mensile
        | plano | mensal | tegoed | тариф | 余额不足 | 套餐 | 欠费""",
        unless="authenticat | {recipient} quota | mailbox .. full | client_id | balancer",
    ),
    Sign(
        Cause.DAILY_LIMIT,
        words="""{day} .. {limit} | {limit} .. {day} | {too_many} .. {day} | submissionquota
        | submission quota | user sending quota | sending quota | dailylimit | daily_limit
        | sendquota | message recipients limit | recipient rate limit .. day | tagliches limit
        | over-sent | outgoing quota | outbound quota | mail sending limit | reached .. {day}
        | ratelimit .. day | 24-hour | sending limit for the day | max_daily
        | submissionquotaexceeded | exceededmessagelimit | terrl | tenant .. recipient rate""",
        unless="bandwidth | greylist | retry | expired | not been delivered",
    ),
    Sign(Cause.DAILY_LIMIT, enhanced=("x.4.5", "x.7.233", "x.7.232", "5.1.90"), codes=(5,)),
    Sign(Cause.DAILY_LIMIT, enhanced=("4.7.233", "4.7.232")),
    Sign(
        Cause.TOO_MANY_CONNECTIONS,
        words="""concurrent connection | concurrent session | simultaneous connection
        | simultaneous session | simultaneous smtp | concurrent smtp | concurrent limit
        | thread limit | too many connections | too many concurrent | too many sessions
        | too many smtp | too many open | connections limit | connection limit
        | maximum number of connections | maximum .. connections | max .. connections
        | connections per ip | number of concurrent | connections exceeded | parallel connection
        | connections .. too many | too many .. connections | exceeded .. connections
        | connection count | concurrency | zu viele verbindungen | zu viele gleichzeitig
        | gleichzeitige verbindungen | trop de connexions | connexions simultanees
        | demasiadas conexiones | conexiones simultaneas | troppe connessioni
        | connessioni simultanee | connessioni contemporanee | muitas conexoes
        | conexoes simultaneas | te veel verbindingen | gelijktijdige | слишком много .. соединени
        | одновременн | 连接数 | 并发""",
        unless="connection rate | rate limit | mailboxconcurrency",
    ),
    Sign(
        Cause.RATE_LIMITED,
        words="""recipients this hour | recipients .. per hour | recipients .. hour
        | too many recipients .. minute | recipient rate limit | to too many recipients this""",
    ),
    Sign(
        Cause.TOO_MANY_RECIPIENTS,
        words="""too many recipients | recipient count | recipient limit | recipients limit
        | maximum .. recipients | max .. recipients | rcpt number | number of recipients
        | recipients exceed | too many rcpt | too many addresses | too many to$
        | recipients per message | exceeded .. recipients | recipients .. exceeded
        | recipients .. too many | more than .. recipients | recipients .. limit
        | limit .. recipients | many recipients | toomanyrecipients | trop de destinataires
        | nombre .. destinataires | zu viele empf | anzahl .. empf | demasiados destinatarios
        | numero .. destinatarios | troppi destinatari | numero .. destinatari
        | muitos destinatarios | te veel ontvangers | za duzo odbiorcow | слишком много получател
        | 收件人 .. 过多 | 收件人 .. 超""",
        unless="{day} | hour | minute | rejected | no recipients | second",
    ),
    Sign(Cause.TOO_MANY_RECIPIENTS, enhanced=("x.5.3", "5.2.254")),
    Sign(
        Cause.GREYLISTED,
        words="""greylist | graylist | grey-list | gray-list | grey list | gray list | postgrey
        | unverified address | address verification in progress | verification in progress
        | verification in process | unverifyable | unverifiable | not yet authori
        | try again in .. sec | try again in .. min | retry in .. sec | retry in .. min
        | come back in | come back later | please retry .. minutes | retry .. after .. minutes
        | delayed .. anti | try again .. minutes | try again in | first seen | first attempt
        | unknown sender .. later | new sender .. later | please try again soon
        | deferred .. try again | graulist | *warteliste | liste grise | lista gris | lista grigia
        | серый список | 灰名单""",
        unless="""too many | limit | quota | rate | internal | resources | login | dnsbl
        | server error | temporary lookup | unavailable | undeliverable""",
        codes=(4, 0),
        stages=(*_MESSAGE, Stage.GREETING, Stage.CONNECT, Stage.EHLO),
    ),
    Sign(Cause.GREYLISTED, words="greylist | graylist | grey-list | gray-list | postgrey"),
    Sign(
        Cause.RATE_LIMITED,
        words="""rate limit | ratelimit | rate-limit | rate exceeded | rate is exceeded | throttl
        | too many messages | too many mails | too many emails | too many e-mails | too many mail
        | too many email | too many requests | too much mail | too many .. per | too many .. hour
        | too many .. minute | too many errors | {short_time} .. {limit} | {limit} .. {short_time}
        | {too_many} .. {short_time} | temporarily deferred | unexpected volume | unusual volume
        | mail send limit | message limit | sending rate | sending limit | max message per
        | max messages per | maximum messages per | messages per connection | slow down | slower
        | sending too | sending mail too | send too | too fast | too quickly | service refus
        | volume of mail | volume of email | volume of message | excessive | frequency
        | exceed .. message limit | exceed .. send | send .. limit | limit .. send
        | send .. exceed | message .. quota | mail .. quota exceeded .. send | rate .. exceeded
        | exceeded .. rate | over rate | over the rate | request limit | requests exceeded
        | user-rate | too-many-requests | maximum sending rate | volume exceeded | envoi .. limit
        | limite d'envoi | trop de messages | trop de mails | trop de courriels
        | zu viele nachrichten | zu viele mails | zu viele e-mails | *sendelimit | *versandlimit
        | demasiados mensajes | demasiados correos | limite de envio | troppi messaggi
        | troppe email | limite di invio | muitas mensagens | te veel berichten | verzendlimiet
        | слишком много .. писем | слишком много сообщений | 发送频率 | 频率 | 发送过快
        | 发信 .. 限制 | mailbox .. throttled""",
        unless="""disk quota | on the server | user has exceeded | mailbox is full | mailbox full
        | over quota | {recipient} .. {full} | size | hops | received headers | storage
        | message size | too many recipients | invalid recipients | login attempts""",
    ),
    Sign(Cause.RATE_LIMITED, enhanced=("x.7.650", "x.7.28", "5.7.508", "4.7.500", "4.7.511")),
    Sign(Cause.RATE_LIMITED, codes=(429,)),
)
