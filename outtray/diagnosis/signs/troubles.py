"""What others say that they saw of a line: the words of systems, libraries and programs.

They stand for the Trouble that we would have seen ourselves (`transports.base.Trouble`), and
are judged by the same signs. Words of OpenSSL, Go, Java, .NET, Node.js, Python, curl, PHP and
of the operating systems.
"""

from __future__ import annotations

from collections.abc import Mapping

from outtray.diagnosis.signs.lexicon import phrases
from outtray.diagnosis.signs.phrases import Phrases, Spoken
from outtray.transports.base import Trouble

_WORDS: Mapping[Trouble, str] = {
    Trouble.NAME_SERVICE_FAILED: """
        eai_again | temporary failure in name resolution | servfail | server misbehaving
        | host not found, try again | temporarily unable to resolve | try again later .. resolv
        | dns .. timed out | dns .. timeout | name resolution .. timed out | lookup .. timed out
        | lookup .. timeout | no nameservers | i/o timeout .. lookup | lookup .. i/o timeout
        | getaddrinfo etimeout | equerytimedout | queryA etimeout | 11002
        | name server .. not respond | dns server .. not respond | temporary dns
        | resolver .. {failed} | dns server failure | temporarer fehler bei der namensauflosung
        | namensauflosung .. temporar | echec temporaire dans la resolution
        | fallo temporal en la resolucion | temporaneo .. risoluzione | temporaria .. resolucao
    """,
    Trouble.NAME_NOT_FOUND: """
        enotfound | eai_noname | eai_nodata | eai_fail | name or service not known
        | nodename nor servname | no such host | unknown host | unknownhost | could not resolve
        | couldn't resolve | couldn't be resolved | could not be resolved | cannot resolve
        | can't resolve | unable to resolve | failed to resolve | no address associated
        | getaddrinfo failed | getaddrinfo for | getaddrinfo error | 11001 | 11004
        | name .. not be resolved | hostname lookup .. failed | host name lookup failure
        | no data record of requested type | nxdomain | domain name not found
        | php_network_getaddresses | server dns address could not be found | host not found
        | name does not resolve | *name oder dienst nicht bekannt | der hostname .. nicht
        | host .. unbekannt | host .. nicht gefunden | *remotename konnte nicht aufgelost
        | nom ou service inconnu | hote inconnu | nom distant n'a pas pu etre resolu
        | nombre o servicio desconocido | host desconocido | no se conoce ese host
        | no se puede resolver el nombre | nome o servizio sconosciuto | host sconosciuto
        | impossibile risolvere | nome ou servico desconhecido | host desconhecido
        | nao foi possivel resolver | nome remoto | naam of dienst is niet bekend
        | host is onbekend | kan de naam van de externe | 无法解析 | 未知的名称或服务
        | 不知道这样的主机 | имя или служба не известны | этот хост неизвестен | 名前解決
    """,
    Trouble.CERTIFICATE_EXPIRED: """
        {certificate} .. {expired} | cert_has_expired | certificateexpired | {expired} certificate
        | err_cert_date_invalid | notafter | not after | sec_error_expired | expired_cert
        | certificate_expired | {certificate} .. not yet valid | cert expired
        | alert certificate expired | num=10 | validity period | gultigkeitsdauer
        | gultigkeit .. abgelaufen
    """,
    Trouble.CERTIFICATE_OTHER_NAME: """
        hostname mismatch | common name field | notvalidforname | hostname_check_failed
        | hostname does not match | hostname doesn't match | hostname/ip
        | host name .. does not match | name mismatch | no alternative certificate subject
        | altname | alt name | alternative name | subject alternative
        | {certificate} .. not valid for | {certificate} is valid for | certificate name
        | common name .. not match | cn .. did not match | cn .. does not match
        | does not match expected cn | did not match expected cn | did not match the host
        | does not match target host | remotecertificatenamemismatch | not match .. host name
        | ssl: no alternative | cn_no_match | err_cert_common_name_invalid | wrong host
        | not match hostname | hostname '* doesn't match | ip address mismatch | domain mismatch
        | for a different host | {certificate} .. doesn't match | {certificate} .. does not match
        | {certificate} .. stimmt nicht | {certificate} .. passt nicht
        | {certificate} .. ne correspond pas | {certificate} .. no coincide
        | {certificate} .. non corrisponde | {certificate} .. nao corresponde
        | {certificate} .. komt niet overeen | no coincide con el nombre | 证书 .. 不匹配
        | ip: .. is not in the cert's list | x509: certificate is valid for
        | tls: failed to verify certificate: x509: certificate is valid | identity check failed
        | no name matching | verify hostname
    """,
    Trouble.CERTIFICATE_UNTRUSTED: """
        self signed | selfsigned | {certificate} not verified | unable to get local issuer
        | unable to get issuer | unable to verify the first | unable to verify leaf
        | unknown authority | unknown ca$ | unknown_ca | unknownissuer
        | {certificate} verify failed | certificate_verify_failed | not trusted | untrusted
        | trust anchor | certpath | pkix | certification path | partial chain | partialchain
        | untrustedroot | untrusted root | root is not trusted | could not establish trust
        | trust relationship | remote certificate is invalid | remote certificate was rejected
        | chain is incomplete | issuer certificate | no trusted | bad certificate
        | certificate unknown | certificate_unknown | cannot be verified | could not be verified
        | certificate verification | verification error | num=18 | num=19 | num=20 | num=21
        | err_cert_authority_invalid | ssl peer certificate .. not ok | curle_peer
        | sec_error_unknown_issuer | depth_zero_self | invalid certificate
        | {certificate} .. nicht vertrauens | vertrauenswurdig | *selbstsigniert
        | *selbst signiert | {certificate} .. ungultig | auto-signe | autosigne | autosignat
        | {certificate} .. non fiable | {certificate} .. invalide | autofirmad
        | {certificate} .. no es de confianza | {certificate} .. no es valido
        | {certificate} .. non attendibil | autofirmat | autoassinad | {certificate} .. nao confi
        | {certificate} .. niet vertrouwd | zelfondertekend | 自签名 | 证书 .. 不受信任
        | 证书验证失败 | самоподписан | недоверен
    """,
    Trouble.SPEAKS_CLEAR_TEXT: """
        wrong version number | corrupt message | invalidcontenttype | wrong_version_number
        | unable to parse tls | parse tls packet | plaintext connection
        | first record does not look like a tls | not look like a tls | unknown protocol
        | unknown_protocol | unrecognized ssl message | not an ssl | record overflow
        | record layer failure | packet length too long | http request
        | unsupported or unrecognized ssl | frame size | corrupt frame
        | cannot determine the frame | unexpected message .. handshake
        | an unexpected packet was received | handshake failed due to an unexpected packet
        | the handshake failed due to | invalid record | not a tls | bad record type
        | sslv3 alert unexpected | packet format | ssl3_get_record:wrong
        | message received was unexpected or badly formatted
    """,
    Trouble.SPEAKS_TLS_AT_ONCE: """
        speaks tls at once | tls at once | expects tls | server expects ssl
        | plaintext http request was sent to https | client sent an http request to an https
        | ssl port .. plain | malformed .. \\x15\\x03 | \\x15\\x03
    """,
    Trouble.STARTTLS_TAMPERED: "starttls command injection | injected .. starttls",
    Trouble.STARTTLS_NOT_OFFERED: """
        starttls .. not supported | starttls .. not offered | starttls .. not advertis
        | starttls .. not available | starttls .. n't support | starttls .. n't offer
        | starttls .. n't advertis | not support starttls | n't support starttls
        | not offer starttls | n't offer starttls | not advertise starttls | no starttls
        | n't advertise starttls | did not advertise starttls | starttls not available
        | starttls unsupported | starttls extension not | not support the starttls
        | not support secure connections | does not support secure | tls .. not offered by host
        | tls is required, but was not offered | starttls is required but | starttls not announced
        | starttls required but not | tls is not available | tls not available
        | encryption .. not available on | not support tls | n't support tls | not support ssl
        | not offer tls | starttls .. nicht | starttls .. pas | starttls .. no compatible
        | starttls .. no es compatible | starttls .. non support | 不支持starttls
        | 不支持 starttls
    """,
    Trouble.TLS_TOO_OLD: """
        unsupported protocol | unsupported_protocol | no protocols available | protocol version
        | protocol_version | no shared cipher | no_shared_cipher | no cipher | no ciphers
        | version 301 | version 302 | version 300 | dh key too small | dh_key_too_small
        | ee key too small | inappropriate fallback | protocol not supported | tls 1.0 | tlsv1.0
        | tls 1.1 | tlsv1.1 | tls1.0 | tlsv1$ | sslv3 | ssl 3 | sslv2 | handshake failure
        | handshake_failure | no matching cipher | cipher mismatch | no appropriate protocol
        | unsupported tls version | tls version | legacy sigalg | unsafe legacy | ca md too weak
        | internal error .. dh | small dh | weak dh | weak key | no common | no mutual
        | do not possess a common algorithm | schannel | server selected unsupported | tls_version
        | key too small | insufficient security | ssl version | alert number 70 | alert number 40
        | alert 40 | alert 70 | sslv3 alert | nicht unterstutzte tls | version de tls
        | version tls
    """,
    Trouble.TLS_FAILED: """
        handshake failed | handshake error | sslerror | ssl error | tls error | tls alert
        | ssl routines | tls negotiation failed | tls handshake | ssl handshake | sslexception
        | sslhandshakeexception | ssl_error_syscall | unable to start tls | tls:
        | cannot start tls
    """,
    Trouble.CONNECTION_REFUSED: """
        econnrefused | connection refused | connectionrefused | actively refused | refused connect
        | connection was refused | connect refused | 10061 | errno 111 | errno 61 | (111)
        | refused the connection | refused it | keine verbindung hergestellt werden, da der
        | verbindung verweigert | verbindung wurde verweigert | verbindungsaufbau abgelehnt
        | verbindung abgelehnt | zielcomputer die verbindung verweigerte | connexion refusee
        | l'a expressement refusee | conexion rechazada | la rechazo expresamente | denego
        | rechazo activamente | connessione rifiutata | rifiuto persistente | conexao recusada
        | recusou ativamente | verbinding geweigerd | heeft de verbinding geweigerd
        | polaczenie odrzucone | в соединении отказано | подключение отвергнут | отверг | 拒绝连接
        | 积极拒绝 | 连接被拒绝 | 接続を拒否
    """,
    Trouble.UNREACHABLE: """
        ehostunreach | enetunreach | no route to host | network is unreachable
        | network unreachable | host is unreachable | host unreachable | host is down | ehostdown
        | unreachable network | unreachable host | 10051 | 10065 | 10050 | enetdown
        | network is down | keine route | netzwerk .. nicht erreichbar | host .. nicht erreichbar
        | *zielhost .. nicht | le reseau .. accessible | aucun chemin | reseau inaccessible
        | no hay ruta | no se puede llegar | red es inaccesible | inalcanzable
        | nessun instradamento | rete non .. raggiungibile | irraggiungibile | nao ha rota
        | inalcancavel | inacessivel | geen route | niet bereikbaar | нет маршрута | недоступн
        | 网络不可达 | 没有到主机的路由
    """,
    Trouble.TIMED_OUT: """
        etimedout | timed out | timeout | time out | timed-out | time-out | execution expired
        | never received | 10060 | errno 110 | (110) | failed to respond | not properly respond
        | esockettimedout | no response | deadline exceeded | did not respond | took too long
        | *zeituberschreitung | *zeitueberschreitung | zeitlimit | delai .. depasse
        | delai d'attente | temps d'attente | n'a pas repondu | tiempo de espera
        | tiempo .. agotado | expiro el tiempo | tempo scaduto | timeout scaduto | tempo limite
        | esgotado | wachttijd | verlopen .. wacht | przekroczono .. czas | limit czasu
        | время ожидания | истекло время | тайм-аут | таймаут | 超时 | 连接超时 | タイムアウト
    """,
    Trouble.CONNECTION_CLOSED: """
        econnreset | epipe | econnaborted | broken pipe | reset by peer | connection reset
        | lost connection | connection lost | unexpected eof | unexpectedly closed
        | closed unexpectedly | connection closed | connection was closed | closed the connection
        | connection dropped | dropped connection | connection aborted | forcibly closed
        | server disconnected | end of file | remote host closed | eof occurred | closed by
        | connection terminated | socket hang up | eof$ | 10053 | 10054 | socket closed
        | socket close | connection broken | disconnected | please run connect() first
        | not connected | no socket | hung up | underlying connection was closed
        | transport connection | premature eof | read zero bytes | connection is closed
        | server closed | fsockopen .. closed | unexpected end of | verbindung .. unterbrochen
        | verbindung .. geschlossen | verbindung .. zuruckgesetzt | verbindung .. getrennt
        | verbindung .. beendet | verbindung verloren | connexion .. fermee | connexion .. perdue
        | connexion .. interrompue | connexion re-initialisee | connexion .. reinitialise
        | conexion .. cerrada | conexion .. perdida | conexion .. reiniciada | conexion .. cerro
        | conexion .. interrumpida | connessione .. chiusa | connessione .. interrotta
        | connessione .. persa | connessione .. corrotta | conexao .. fechada | conexao .. perdida
        | conexao .. encerrada | conexao .. redefinida | verbinding .. verbroken
        | verbinding .. gesloten | polaczenie .. zerwane | polaczenie .. zamkniete
        | соединение .. разорван | соединение .. закрыт | соединение .. сброшен | 连接被重置
        | 连接已关闭 | 连接断开 | 连接中断 | 接続がリセット
    """,
}
_PHRASES: tuple[tuple[Trouble, Phrases], ...] = tuple(
    (trouble, phrases(words)) for trouble, words in _WORDS.items()
)


def trouble_told(spoken: Spoken) -> Trouble:
    """The trouble with a line that is spoken of; NONE where none is."""
    found = (trouble for trouble, words in _PHRASES if words.stand_in(spoken))
    return next(found, Trouble.NONE)
