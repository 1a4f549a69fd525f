"""Ideas that servers and programs put into many words and languages.

English first, then German, French, Spanish, Italian, Portuguese, Dutch, and some Polish,
Swedish, Russian, Chinese and Japanese. The tables name an idea as `{idea}`.
"""

from __future__ import annotations

from collections.abc import Mapping

from outtray.diagnosis.signs.phrases import Lexicon, Phrases, Spoken

IDEAS: Mapping[str, str] = {
    # Who or what is spoken of.
    "mailbox": """
        mailbox | mail box | inbox | *postfach | boite | bal$ | buzon | casella | caixa | postvak
        | brievenbus | skrzynk | postlada | postkasse | ящик | 邮箱 | 信箱 | メールボックス
    """,
    "user": """
        user | account | recipient | mailbox | inbox | addressee | address | mail address | alias
        | customer | local part | rcpt | *empfanger | *empfaenger | *benutzer | *postfach | *konto
        | *adresse | teilnehmer | utilisateur | destinataire | compte | boite | adresse | usuario
        | destinatario | cuenta | buzon | direccion | utente | indirizzo | casella | conta$
        | endereco | caixa | utilizador | gebruiker | ontvanger | adres$ | postvak | uzytkownik
        | odbiorc | adresat | skrzynk | mottagar | anvandar | bruger | modtager | пользовател
        | получател | адресат | ящик | 用户 | 收件人 | 收信人 | 邮箱 | 地址 | 受信者
    """,
    "recipient": """
        recipient | rcpt | addressee | *empfanger | *empfaenger | destinataire | destinatario
        | destinatari$ | ontvanger | odbiorc | adresat | mottagar | modtager | получател | 收件人
        | 收信人
    """,
    "sender": """
        sender | mail from | from address | from header | envelope from | return-path
        | return path | from: | *absender | expediteur | remitente | mittente | remetente
        | afzender | nadawc | avsandar | afsender | отправител | 发件人 | 发信人
    """,
    "account": """
        account | user | mailbox | *konto | *benutzer | *postfach | compte | utilisateur | cuenta
        | usuario | buzon | utente | casella | conta$ | conta de | gebruiker | konto | аккаунт
        | учетн | пользовател | ящик | 帐号 | 账号 | 帐户 | 账户 | 用户 | 邮箱
    """,
    "password": """
        password | passwd | passphrase | credential | kennwort | *passwort | *zugangsdaten
        | *anmeldedaten | mot de passe | identifiants | contrasena | credenciales | clave
        | credenziali | senha | palavra-passe | credenciais | wachtwoord | inloggegevens | haslo
        | losenord | adgangskode | пароль | 密码 | 口令 | パスワード
    """,
    "message": """
        message | e-mail | email | mail | content | *nachricht | courriel | mensaje | correo
        | messaggio | posta | mensagem | bericht | wiadomosc | meddelande | besked | письмо
        | сообщени | 邮件 | 信件 | メール
    """,
    "server": """
        server | host | system | service | site | domain | relay | serveur | servidor | dienst
        | servizio | servico | сервер | 服务器
    """,
    "domain": """
        domain | host | *domane | *domaene | domaine | dominio | hostname | domein | домен | 域名
    """,
    "ip": """
        ip$ | ips$ | ip address | ip-adresse | client host | client address | adresse ip
        | direccion ip | indirizzo ip | endereco ip | ip-adres | your host | your server
        | your network | your mail server | sending server | sending host | network | mta | ipv4
        | ipv6 | client [ | host [ | remote host | connecting host | mail server [
    """,
    # What is wrong with it.
    "unknown": """
        unknown | not found | not known | not exist | n't exist | no longer exist | nonexist
        | non-exist | not recogni | no such | invalid | not valid | isn't valid | no longer valid
        | unallocated | not listed | not in recipient list | not a valid | undeliverable
        | no longer available | does not have | doesn't have | has no | unroutable | unrouteable
        | not our customer | no mailbox | wrong | not a known | not local | can't be found
        | couldn't be found | could not be found | wasn't found | was not found | not present
        | no record | bad address | bad destination | rejected as invalid | *unbekannt
        | existiert nicht | nicht gefunden | gibt es nicht | nicht vorhanden | nicht bekannt
        | ungultig | ungueltig | nicht existier | kein empf | inconnu | n'existe | inexistant
        | introuvable | invalide | desconocid | no existe | no encontrad | inexistente
        | no se encontr | no valid | non esiste | sconosciut | non trovat | non valid | inesistent
        | nao existe | nao encontrad | desconhecid | bestaat niet | onbekend | niet gevonden
        | ongeldig | nie istnieje | nieznan | finns inte | okand | findes ikke | ukendt
        | не существует | не найден | неизвест | недействит | 不存在 | 未找到 | 找不到 | 无效
        | 錯誤 | 存在しない | 見つかりません
    """,
    "full": """
        full | over quota | overquota | exhausted | storage space | over-quota | quota exceed
        | exceeded quota | out of storage | exceeded storage | storage exceed | storage limit
        | exceeds quota | exceed the quota | exceeded its quota | exceeded their quota
        | exceeded his quota | no space | quota full | insufficient storage | not enough space
        | not enough storage | exceeds allowed quota | voll$ | voll. | uberfull | ueberfuell
        | uber quota | speicherplatz | pleine | plein$ | saturee | quota depasse
        | depasse son quota | depassement de quota | espace insuffisant | llen | cuota
        | sin espacio | pien | quota superat | cheia | cheio | cota excedida | espaco insuficiente
        | vol$ | vol. | overschreden | przepeln | pelna | full$ | fuldt | переполн | заполнен
        | 已满 | 容量不足 | 空间不足 | 超出容量
    """,
    "disabled": """
        disabled | inactive | deactivated | not active | suspended | frozen | locked | closed
        | discontinued | terminated | expired | is blocked | unavailable: account
        | has been blocked | no longer active | not activated | cancelled | canceled | retired
        | marked as invalid | on hold | dormant | archive | abandoned | deleted | deprovisioned
        | *gesperrt | *deaktiviert | stillgelegt | inaktiv | abgeschaltet | geloscht | gekundigt
        | desactive | suspendu | ferme | inactif | bloque | desactivad | suspendid | inactiv
        | bloquead | cerrad | disattivat | disabilitat | sospes | bloccat | chius | desativad
        | suspens | inativ | encerrad | uitgeschakeld | geblokkeerd | opgeheven | inactief
        | zablokowan | nieaktywn | отключен | заблокирован | неактив | 已停用 | 禁用 | 冻结 | 停用
    """,
    "locked": """
        locked | lock out | lockout | locked out | disabled | suspended | deactivated | is blocked
        | been blocked | blocked user | account blocked | gesperrt | *gesperrt | deaktiviert
        | bloque | verrouill | desactive | suspendu | bloquead | desactivad | suspendid | bloccat
        | disabilitat | sospes | desativad | geblokkeerd | vergrendeld | uitgeschakeld
        | zablokowan | заблокирован | 锁定 | 禁用 | 冻结 | 封禁
    """,
    "expired": """
        expired | has expired | is expired | expire | out of date | *abgelaufen | expire$
        | a expire | caducad | ha caducado | scadut | expirou | expirad | verlopen | wygas | истек
        | 过期 | 已过期
    """,
    "not_allowed": """
        not allowed | not permitted | not authori | unauthori | not accepted | n't allowed
        | denied | prohibit | forbidden | refused | reject | disallow | may not | no permission
        | not have permission | n't have permission | not eligible | cannot send | not entitled
        | nicht erlaubt | nicht berechtigt | nicht gestattet | nicht zulassig | abgelehnt
        | verweigert | verboten | nicht zugelassen | darf nicht | darf diese | nicht verwend
        | unzulassig | keine berechtigung | non autoris | pas autoris | n'est pas permis | refuse
        | interdit | rejete | no autorizad | no permitid | no esta permit | no esta autoriz
        | no se permite | no tiene permiso | rechazad | denegad | non autorizzat | non consentit
        | non permess | rifiutat | negat | nao autorizad | nao permitid | nao e permit | recusad
        | rejeitad | negad | niet toegestaan | geweigerd | niet gemachtigd | niet geautoriseerd
        | niedozwolon | odrzucon | ej tillat | ikke tilladt | запрещ | отклонен | не разреш
        | отказ | 拒绝 | 不允许 | 禁止 | 没有权限 | 无权
    """,
    "too_many": """
        too many | too much | exceed | excessive | over limit | above limit | limit reached
        | limit has been reached | maximum | max. | zu viele | zu viel | uberschritten
        | ueberschritten | trop de | depass | demasiad | superado | excedid | troppi | troppe
        | superat | muitas | muitos | excedeu | te veel | overschreden | za duzo | przekroczon
        | for manga | слишком много | превыш | 过多 | 超过 | 超出 | 频率
    """,
    "limit": """
        *limit | quota | maximum | allowance | threshold | cap$ | exceed | *grenze | kontingent
        | limite | plafond | cuota | tope | soglia | cota | limiet | лимит | 限制 | 上限 | 限额
    """,
    "later": """
        try again | try later | retry | please wait | later | spater | spaeter | erneut
        | noch einmal | plus tard | reessay | mas tarde | intentelo de nuevo | reintent
        | vuelva a intentar | piu tardi | riprov | tente novamente | mais tarde | probeer
        | opnieuw | pozniej | sprobuj ponownie | senare | senere | позже | повторите | 稍后 | 再试
    """,
    "temporarily": """
        temporar | transient | momentan | for now | at this time | just now | vorubergehend
        | voruebergehend | zeitweise | derzeit | momentane | provisoire | temporaire | temporal
        | momento | attualmente | tijdelijk | chwilowo | tillfallig | midlertidig | временн | 暂时
    """,
    "failed": """
        failed | failure | fail$ | unsuccessful | incorrect | invalid | not accepted | wrong
        | rejected | denied | refused | mismatch | error | bad | *fehlgeschlagen | *falsch
        | ungultig | ungueltig | *fehler | abgelehnt | nicht korrekt | inkorrekt
        | nicht erfolgreich | nicht moglich | echoue | echec | errone | invalide | refuse | fallid
        | fallo | no valid | non riuscit | fallit | errat | non corrett | non valid | falhou
        | falha | incorret | mislukt | onjuist | ongeldig | fout | nieprawidlow | blad
        | nie powiodl | misslyckades | felaktig | mislykkedes | forkert | ошиб | неверн
        | неправильн | не удал | 失败 | 错误 | 有误 | 不正确 | 失敗
    """,
    "login": """
        authenticat | auth$ | login | log in | logon | log on | signin | sign in | sign-in
        | signing in | sasl | anmeld | anmeldung | einloggen | *authentifizierung
        | *authentisierung | authentif | connexion au compte | identification | autentic
        | autenticacion | inicio de sesion | iniciar sesion | autenticazione | accesso | autentica
        | inicio de sessao | aanmeld | inlog | verificatie | uwierzyteln | logowan | inlogg
        | авториза | аутентифик | вход | 登录 | 登陆 | 认证 | 身份验证 | 認証
    """,
    "required": """
        required | requires | require | needed | must | mandatory | necessary | please | need to
        | only | has to | erforderlich | notwendig | benotigt | notig | muss | mussen | bitte
        | requis | requise | necessaire | doit | obligatoire | exige | veuillez | requier
        | necesari | debe | obligatori | requerid | se requiere | richiest | necessari | deve
        | obbligatori | exigid | obrigatori | vereist | verplicht | nodig | moet | wymagan | kravs
        | krav$ | kraeves | требу | необходим | нужн | 需要 | 必须 | 请
    """,
    "not_exist": """
        not exist | n't exist | not found | no such | unknown | n't resolve | not resolve
        | cannot resolve | can't resolve | could not be resolved | unresolv | nxdomain | no mx
        | no dns | existiert nicht | nicht gefunden | unbekannt | nicht aufgelost | nicht auflos
        | n'existe pas | introuvable | inconnu | ne peut etre resolu | no existe | no encontrad
        | desconocid | non esiste | non trovat | sconosciut | nao existe | nao encontrad
        | desconhecid | bestaat niet | niet gevonden | onbekend | nie istnieje | не существует
        | не найден | 不存在 | 无法解析
    """,
    "full_address": """
        full e | full address | full mail | full email | complete e | complete address
        | complete mail | whole e | whole address | entire e | fully qualified user
        | vollstandige e | vollstandige mail | vollstaendige e | ganze e | gesamte e
        | adresse e-mail complete | adresse complete | adresse mail complete | direccion completa
        | direccion de correo completa | correo completo | correo electronico completo
        | indirizzo completo | indirizzo e-mail completo | indirizzo email completo
        | endereco completo | endereco de e-mail completo | e-mail completo | volledige e
        | volledig e | pelny adres | полный адрес | 完整的邮箱 | 完整邮箱
    """,
    # What it is about.
    "encryption": """
        starttls | tls$ | ssl$ | ssl/tls | tls/ssl | encrypt | secure connection
        | secured connection | secure channel | verschlussel | verschluessel | sichere verbindung
        | chiffr | connexion securisee | cifrad | cifrado | conexion segura | encript | crittograf
        | cifrat | connessione sicura | conexao segura | criptograf | versleutel
        | beveiligde verbinding | szyfrowa | krypter | шифрован | 加密
    """,
    "certificate": """
        certificate | cert$ | *zertifikat | certificat | certificado | certificato | certificaat
        | certyfikat | certifikat | сертификат | 证书 | 証明書 | x509 | x.509
    """,
    "listed": """
        blocklist | block list | block-list | blacklist | black list | black-list | blocked
        | listed | banned | denylist | deny list | *gesperrt | schwarze liste | *sperrliste
        | gelistet | *blockiert | geblockt | liste noire | bloquee | bloque$ | bloque | bannie
        | liste de blocage | lista negra | lista de bloqueo | bloquead | bloccat | lista nera
        | lista de bloqueio | geblokkeerd | zwarte lijst | zablokowan | czarnej | черн
        | заблокирован | 黑名单 | 封禁 | 拦截
    """,
    "spam": """
        spam | unsolicited | junk | bulk mail | phish | ube$ | uce$ | ucm$ | unwanted | pourriel
        | indesirable | correo no deseado | no solicitad | indesiderat | correo basura | lixo
        | nao solicitad | ongewenst | niechcian | спам | 垃圾邮件
    """,
    "send": """
        send | sending | sent$ | outgoing | outbound | submission | relay | *versand | senden
        | versenden | gesendet | envoi | envoye | envoyer | envio | enviar | enviad | invio
        | inviar | inviat | verzend | verzonden | wysyl | wyslan | skicka | отправ | рассыл | 发送
        | 发信
    """,
    "day": """
        daily | per day | a day | today | 24 hours | 24-hour | 24hrs | 24 hrs | 24 h$ | 24h$
        | in a day | each day | for the day | one day | tages | taglich | pro tag | 24 stunden
        | journalier | quotidien | par jour | 24 heures | diari | por dia | 24 horas | giornalier
        | al giorno | quotidian | 24 ore | diaria | per dag | dagelijks | daglimiet | dzienn
        | суточн | в сутки | за день | 每日 | 每天 | 今日 | 当日
    """,
    "short_time": """
        per hour | per minute | per second | an hour | hourly | a minute | each hour | this hour
        | last hour | in a short | too quickly | too fast | at a rate | rate limit | ratelimit
        | rate-limit | /hour | /min | pro stunde | pro minute | stunden | stundlich | par heure
        | par minute | trop rapidement | por hora | por minuto | demasiado rapido | all'ora
        | al minuto | troppo veloc | muito rapido | per uur | per minuut | te snel | na godzine
        | в час | 每小时 | 每分钟 | 过快 | 频率
    """,
    "large": """
        too large | too big | too long | exceeds the maximum | exceeds maximum | exceeds size
        | exceeds the size | size exceed | exceeds fixed | size limit | size is over | larger than
        | exceed the size | oversize | maximum size | max size | maximum message size
        | message size | zu gross | zu groß | uberschreitet | trop volumineux | trop gros
        | trop grand | trop lourd | taille maximale | demasiado grande | tamano maximo
        | excede el tamano | troppo grande | dimensione massima | dimensioni massime
        | muito grande | tamanho maximo | excede o tamanho | te groot | maximale grootte
        | zbyt duz | przekracza | for stor | слишком больш | превышает | 过大 | 太大 | 超过大小
        | 大小超 | mailsize
    """,
    "attachment": """
        attachment | attached file | attached | file type | file extension | *anhang | dateianhang
        | dateityp | piece jointe | pieces jointes | adjunto | archivo adjunto | allegat | anexo
        | bijlage | zalacznik | bilaga | vedhaeft | вложени | 附件
    """,
    "virus": """
        virus | malware | infected | trojan | worm$ | clamav | ransomware | eicar | *schadsoftware
        | infiziert | infecte | logiciel malveillant | infectad | infett | besmet | zainfekowan
        | вирус | 病毒
    """,
    "policy": """
        policy | policies | administrative prohibition | *richtlinie | politique | strategie
        | politica | directiva | regole | norma | beleid | polityk | политик | 策略
    """,
}

_LEXICON = Lexicon({name: " ".join(words.split()) for name, words in IDEAS.items()})


def phrases(text: str) -> Phrases:
    """Phrases that may name the ideas of this lexicon."""
    return _LEXICON.phrases(text)


def spoken(text: str) -> Spoken:
    """What was said, ready to be searched for phrases."""
    return _LEXICON.spoken(text)
