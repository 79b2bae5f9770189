"""What gateways and offices put above and below all mail: banners, and footers.

Rule: as in the package; a sentence each, and none of this message alone.
"""

import re
from typing import Final

from bounce_milter.phrases.base import any_of
from bounce_milter.phrases.signs import Joined

#: A banner says that the mail came from outside, or is from somebody unknown;
FROM_OUTSIDE: Final = any_of(
    r"\b(?:originat(?:es|ed|ing)|came|comes|coming|sent|received|is|was|are) (?:from )?(?:someone |somebody |"
        r"a sender |an address )?(?:outside|an? external|external)",
    r"\bexternal (?:e-?mail|sender|message|source|mail)\b",
    r"\boutside (?:of )?(?:the|your|our) (?:organi[sz]ation|company|network|domain|firm|university|institution)",
    r"\bdon['’]t often (?:get|receive) e-?mail from\b", r"\[external\]", r"\brecogni[sz]e the sender\b", r"zjqcmqryfpfpt",
    r"\b(?:unknown|untrusted|unverified) senders?\b", r"\bnot previously corresponded with this sender\b",
    r"\bsender(?:['’]s identity)? (?:of this (?:e-?mail|message) )?(?:could not be (?:validated|verified)|"
        r"may be impersonating|is (?:new|unknown) to (?:you|your)\b)",
    r"\bcould not verify that it actually came from\b", r"\bmarked this message as external\b",
    r"\bdoes not belong to (?:the|your|our) (?:university|organi[sz]ation|company)\b", r"\bspoofed message\b",
    r"\bnewly registered domains\b",
    r"\b(?:unbekannte[nr]? absender|absender ist unbekannt|"
        r"absender dieser (?:e-?mail|nachricht) konnte nicht überprüft)",
    r"\berhalten nicht oft e-?mails von\b", r"\bexpéditeur (?:inconnu|de ce message n['’]a pas pu être vérifié)",
    r"\bn['’]obtenez pas souvent\b", r"\bremitente desconocido", r"\bremitente no existe en la libreta\b",
    r"\bno suele recibir correo", r"\bmittente (?:di questo messaggio è )?sconosciuto",
    r"\bnon si ricevono spesso messaggi",
    r"\bremetente desconhecido", r"\bnão costuma receber\b", r"\bonbekende afzender", r"\bontvangt niet vaak e-?mail",
    r"\bavsändaren av detta meddelande är okänd|\bokänd avsändare", r"\bfår inte ofta e-?post",
    r"\bafsenderen af denne (?:e-?mail|besked) er ukendt|\bukendt afsender", r"\bfår ikke ofte mails",
    r"\bnadawca tej wiadomości jest nieznany|\bnieznany nadawca", r"\bnie otrzymujesz często",
    r"odesílatel této zprávy je neznámý|neznámý odesílatel", r"často nedostáváte",
    r"отправитель этого письма неизвестен|неизвестн\p{L}+ отправител", r"нечасто получаете письма",
    r"göndereni bilinmiyor|bilinmeyen gönder", r"sık sık e-posta almıyorsunuz", r"差出人は不明|不明な差出人", r"受け取る頻度は高くありません",
    r"发件人未知|未知发件人", r"不常收到来自", r"알 수 없는 발신자", r"자주 받지 않습니다",
    r"\bvon (?:außerhalb|extern|einem externen)", r"\bextern(?:e[rn]?)? (?:(?:e-?)?mail|nachricht|absender|quelle)",
    r"\baußerhalb (?:der|ihrer|unserer|des) (?:organisation|firma|unternehmens|hauses|netz)",
    r"(?:\bde|(?:^|[ (])à) l['’]ext[ée]rieur", r"\b(?:e-?mail|courriel|message|expéditeur) externe",
    r"\b(?:correo|mensaje|remitente) externo", r"\bfuera de (?:la|su|nuestra) (?:organización|empresa|red)", r"\b(?:e-?mail|messaggio|mittente) estern[oa]", r"\b(?:all|dall)['’]esterno d",
    r"\b(?:e-?mail|mensagem|remetente) extern[oa]",
    r"\b(?:fora da|externa à) (?:sua |nossa )?(?:organização|empresa)",
    r"\b(?:externe|buiten de|buiten onze|buiten uw) (?:e-?mail|afzender|bron|organisatie)",
    r"\b(?:externt?|ekstern) (?:e-?post|mejl|avsändare|avsender|afsender|e-?mail|mail)",
    r"\b(?:utanför|uden for|utenfor) (?:din |vår |vores |vår )?organi[sz]ation", r"\bspoza (?:organizacji|firmy)",
    r"\b(?:zewnętrzn|z zewnątrz)", r"\bmimo (?:organizaci|firmu)",
    r"(?:внешн(?:ий|его|ее) (?:отправител|письм|сообщен|источник))", r"(?:社外|外部)(?:から|の(?:送信者|メール)|メール)", r"来自(?:公司|组织|机构|組織|機構)?(?:外部|以外)", r"(?:外部|公司外|组织外)(?:邮件|郵件|发件人|寄件者)", r"외부(?:에서| 발신| 메일)",
)  # fmt: skip

#: and warns.
WARNS: Final = any_of(
    r"\A\W*(?:caution|warning|achtung|vorsicht|warnung|attention|prudence|avertissement|attenzione|atención|"
        r"precaución|atenção|cuidado|let op|waarschuwing|varning|advarsel|uwaga|ostrzeżenie|upozornění|внимание|注意|"
        r"警告|주의)",
    r"\A\W*(?:notice|notizia|aviso|precauzione|bemærk|dikkat)\b", r"\A\W*uyarı(?:\W|$)", r"zjqcmqryfpfpt",
    r"\breport suspicious\b", r"\bverify the sender\b", r"\buser discretion\b",
    r"\b(?:treat|handle) (?:\w+ )?with care\b", r"\btake care\b", r"\bwill never ask\b", r"\bcan be dangerous\b",
    r"\bpersonal information\b", r"\bhas never received mail from this address\b", r"\bsomeone you know\b",
    r"\b(?:warum dies wichtig ist|pourquoi c['’]est important|por qué es esto importante|perché è importante|"
        r"por que isso é importante|waarom dit belangrijk is|varför det här är viktigt|hvorfor dette er vigtigt|"
        r"dlaczego jest to ważne)\b",
    r"proč je to důležité", r"почему это важно", r"neden önemli olduğunu", r"重要な理由", r"为什么很重要", r"중요한 이유",
    r"\b(?:allegati|bijlagen|bilagor|vedhæftede filer|anexos|archivos adjuntos|přílohy)\b", r"załącznik", r"вложени", r"ekleri açma", r"添付ファイルを開", r"打开附件", r"첨부 파일을 열",
    r"\bclick", r"\bklick", r"\bkli(?:k|ka|cken)\b", r"\bcliqu", r"\bhaga clic\b", r"\bcliccare\b",
    r"\bcontent is safe\b", r"\bexercise caution\b", r"\bbe (?:careful|cautious|vigilant)\b",
    r"\blearn why this is important\b", r"\bvorsichtig\b", r"\b(?:open|opening) (?:any )?attachments\b",
    r"\banhänge\b", r"\bpièces jointes\b",
    r"\A\W*this (?:e-?mail|message|mail) (?:originat(?:ed|es)|came|comes|was (?:sent|received)|is) from (?:an? external (?:sender|source)|(?:someone )?outside (?:of )?(?:the|your|our) \w+)[.!]",
    r"\A\W*this (?:message|e-?mail) (?:is|was sent|came) from an (?:external|unknown|untrusted) sender\b",
    r"\A\W*diese (?:e-?mail|nachricht) (?:kommt|stammt|wurde) von (?:extern|außerhalb|einem externen absender)[^.,]{0,40}[.!]", r"не (?:переходите|открывайте)", r"クリックし", r"点击|點擊", r"클릭",
    r"\A\W*(?:(?:warning|caution|achtung|vorsicht)\W+)?(?:external|extern(?:e[rs]?)?)(?: (?:e-?mail|sender|message|mail|nachricht|absender))?\W*$", r"\bvorsicht\b",
    # or asks to report spam.
    r"\b(?:report|melden?|signale[rz]|segnal(?:a|are|ate)|denunci[ae]|reporte|rapporteer)\b.*\b(?:spam|junk|phish(?:ing)?|suspicious|verdächtige?)\b", r"\b(?:spam|junk|phishing|suspicious|verdächtige?)\b.*\b(?:report|melden?|signale[rz](?:-le)?|segnal(?:a|are|ate)(?:lo)?|denunci[ae]|reporte|rapporteer)\b",
)  # fmt: skip

# Whose product the mail passed.
_PRODUCTS: Final = (
    r"^\W*(?:this |diese |cet |ce |este |questa |deze )?(?:e-?mail|message|mail|nachricht|courriel|correo|"
        r"messaggio|bericht)?(?:(?:^|[ *])(?:is|was|has been|wurde|ist|a été|ha sido|è stat[oa]|is|"
        r"werd))?[ *]*(?:(?:scanned|checked|secured|protected|encrypted|signed|verified|geschützt|verschlüsselt|"
        r"gesichert|protegido|cifrado|protett[oa]|cifrat[oa]|beveiligd|versleuteld)\b|protégé|sécurisé|"
        r"chiffré)[^.]* (?:by|with|using|von|durch|mit|par|avec|por|con|da|door|met) ",
    r"^\W*(?:anti-?)?(?:spam|virus|malware|phishing|e-?mail|mail)[- ]?(?:filter(?:ing|ed)?|protection|scanning|"
        r"scanned|security|secured|check(?:ed)?|schutz|filterung) (?:by|with|from|powered|provided|durch|von|mit)\b",
    r"^\W*virus-free\b", r"\bpowered by\b",
    r"^\W*(?:caution|warning|achtung|vorsicht|warnung|attention|atención|attenzione|varning|advarsel)\W*$",
    r"^\W*(?:https?://)?www\.\S+\W*$",
    r"\b(?:blocks|stops|filters|removes|fights|catches|blockiert|filtert|bloque|filtre|"
        r"bloquea) (?:[\w-]+,? ){0,3}(?:spam|junk|virus(?:es)?|viren|malware|phishing|threats)\b",
    r"\breport (?:this|it) (?:[\w-]+ ){0,2}as (?:spam|phishing|junk)\b",
    r"\bsender (?:of this (?:message|e-?mail) )?(?:is trusted|"
        r"(?:has been|was|is) (?:verified|authenticated|confirmed))\b",
    r"\b(?:message|e-?mail) (?:has been|was|is) (?:verified|authenticated|digitally signed)\b",
)  # fmt: skip
# That nothing was found in it.
_NOTHING_FOUND: Final = (
    r"\bno virus(?:es)? (?:was |were )?(?:found|detected)\b", r"\bnot identified\b.*\bas spam\b",
    r"^\W*x-spam-(?:status|flag|level|score):", r"\bteach spam\b|\bforget previous vote\b|^\W*not spam\W*$",
    r"\bno (?:infected|dangerous) (?:files?|file types)\b",
    r"\bfilter (?:has )?(?:blocked|stopped|caught) [\d.,]+ (?:messages|mails|e-?mails)\b", r"\bspam\? click here\b",
    r"\bchecks? all connections\b", r"\bmessages reported as spam\b", r"^\W*if this message is spam\b",
    r"\bkeine? vir(?:us|en) (?:gefunden|entdeckt)", r"\bals unbedenklich eingestuft\b",
    r"\bauf viren (?:untersucht|geprüft)", r"\bspam melden\b", r"\bspamfilter hat\b.*\d nachrichten\b",
    r"\babsence de virus\b", r"\baucun virus\b", r"\bvérifiée? par (?:notre|le) (?:antispam|antivirus|logiciel)",
    r"\bsignaler (?:un|ce) spam\b",
    r"\bha (?:sido )?analizado\b.*\b(?:virus|antispam)\b|\bno contiene virus\b",
    r"\bnessun virus\b|\bcontrollat[oa] (?:dal|per)\b.*\b(?:antispam|virus|antivirus)\b",
    r"\b(?:escaneado|verificad[oa]) (?:pelo|por)\b.*\bantiv[ií]rus|\blivre de (?:perigo|vírus)\b",
    r"\bgecontroleerd op virussen\b", r"\bsökts igenom efter virus\b", r"\bkontrolleret for virus\b",
    r"sprawdzona? pod kątem wirusów", r"\bzkontrolov\p{L}+ na (?:přítomnost )?vir",
    r"проверен[оы]? (?:на вирусы|антиспам|антивирус)|вирусов не обнаружено",
    r"virüslere karşı kontrol|virüs bulunamadı", r"ウイルス(?:チェック済み|は検出されませんでした|スキャン済)",
    r"未发现病毒|已(?:通过|由).{0,8}(?:病毒扫描|检查)", r"바이러스 검사를|바이러스가 발견되지",
)  # fmt: skip
# That it is confidential, and who they are.
_LAW: Final = (
    r"\bthis (?:e-?mail|message|communication|transmission|information)\b.*\b(?:confidential|privileged)\b",
    r"\bconfidentiality (?:notice|note)\b",
    r"\bintended (?:solely |only |exclusively )?for the (?:use of |attention of )?(?:the )?(?:addressee|"
        r"individual|person|named|recipient|intended)",
    r"\b(?:not the|unless you are the) (?:intended|named) (?:recipient|addressee)",
    r"\bunauthori[sz]ed (?:review|use|disclosure|copying|distribution)\b",
    r"\b(?:does? not accept|accepts no) (?:any )?(?:liability|responsibility)\b", r"\bviews expressed\b",
    r"\bnot authori[sz]ed to conclude\b",
    r"\b(?:diese[rs]?|der inhalt) .*\bvertraulich",
    r"\bnur für (?:die|den|das) (?:adressierte|angegebene|genannte|vorgesehene|bezeichnete)n? (?:person|"
        r"empfänger|firma)",
    r"\bbestimmungsgemäße", r"\b(?:ce|cet|le présent) (?:message|courriel|e-?mail)\b.*\bconfidentiel",
    r"\b(?:este|el presente) (?:mensaje|correo)\b.*\bconfidencial",
    r"\b(?:questo|il presente) (?:messaggio|e-?mail)\b.*\b(?:riservat|confidenzial)",
    r"\besta mensagem\b.*\bconfidencia", r"\b(?:dit bericht|deze e-?mail)\b.*\bvertrouwelijk",
    r"(?:это|данное) (?:сообщение|письмо).*конфиденциальн",
    r"\bregistered (?:office|in england)\b", r"\bcompany (?:number|registration)\b",
    r"\bauthori[sz]ed and regulated by\b",
    r"\b(?:handelsregister|amtsgericht|geschäftsführer|siège social|sede legale|domicilio social)\b",
    r"\b(?:follow|find|like|visit|join) us (?:also )?on\b", r"\bconsider the environment\b", r"\bunsubscribe\b",
)  # fmt: skip
#: The sentences of footers, as patterns,
FOOTERS: Final = (*_PRODUCTS, *_NOTHING_FOUND, *_LAW)
#: and those that go on to say that something was found, or the message refused: these are causes.
NO_FOOTERS: Final = (
    r"^.*\b(?:scanned|checked|screened|verified|confidential|privileged|geprüft|vertraulich|confidentiel|confidencial|analysé).*"
    r"\b(?:infected|contained|refused|rejected|blocked|detected|stopped|not (?:be )?(?:sent|delivered|allowed)|(?:ge|ver)blockt|blockiert|abgelehnt|gestoppt|bloqué|refusé|rejeté|bloquead|rechazad)",
    r"^.*\b(?:scanned|checked|screened)\b.*\band contains\b",
)
FOOTER: Final = any_of(*FOOTERS, denied=NO_FOOTERS)
#: What lawyers have put there goes on to the end of its paragraph.
OF_LAW: Final = any_of(*_LAW, denied=NO_FOOTERS)

#: What refuses, or speaks of a mailbox or of your message, may be the cause: no paragraph that holds one of these is one.
MAY_BE_CAUSE: Final = any_of(
    r"\bnot (?:be )?(?:\w+ )?(?:allowed|permitted|accepted|delivered|taken|activated)\b",
    r"\b(?:does|do|will|can|may|could)(?:n['’]t| not|not) (?:\w+ )?(?:accept|receive|take|write|post|send)",
    r"\b(?:blocked|held|locked|listed|suspended|quarantined?|disabled|classified|considered|rated|reputation|"
        r"limit|exceeded|moderat\w*|unavailable|temporarily|by mistake|faulty?|failed)\b",
    r"\brefus|\breject|\bonly\b|\bno mail\b", r"\b(?:mailbox|inbox|account|quota|directory|database)\b",
    r"\byour (?:e-?mail|mail|message|server|ip|host|list|domain|own)s?\b", r"\bthis (?:address|group|list|mailbox)\b",
    r"\b(?:nicht (?:zugelassen|erlaubt|angenommen|gestattet)|nimmt|nehmen|gesperrt|abgelehnt|blockiert|postfach|"
        r"konto|eingestuft|gelistet)\b",
    r"\bihre[rn]? (?:e-?mail|nachricht|server|adresse)",
    r"\b(?:pas (?:autorisé|accepté|admis)|n['’]accept|bloqu|refus|boîte|compte\b|considéré)",
    r"\bvotre (?:message|courriel|serveur)",
    r"\b(?:no (?:se )?(?:permit|acept|admit)|bloquead|rechaz|buzón|cuenta\b|considerad)",
    r"\bsu (?:mensaje|correo|servidor)\b",
    r"\b(?:non (?:è|sono|si) (?:consentit|ammess|accett)|bloccat|rifiut|casella|considerat)",
    r"\b(?:não (?:é|são|se) (?:permitid|aceit)|recusad|caixa|conta\b)",
    r"\b(?:niet (?:toegestaan|geaccepteerd|toegelaten)|geblokkeerd|geweigerd|postvak)",
    r"\b(?:inte (?:tillåt|accept|tillåtna)|ikke (?:tillad|tilladt|accept|tillat)|spärra|spærret|brevlåd|"
        r"postkasse|konto\b)",
    r"\bnie (?:są|jest|przyjm|akcept)|zablokow|odrzuc|skrzynk", r"nejsou (?:povolen|přijím)|zablokov|odmít|schránk",
    r"не (?:принима|допуска|разреш)|заблок|отклон|ящик", r"kabul edil|izin verilm|engellen|reddedil|posta kutusu",
    r"受け付け|拒否|許可され|メールボックス", r"不接受|拒绝|不允许|邮箱|信箱", r"거부|허용되지|메일함",
)  # fmt: skip

#: A paragraph that holds none of these is neither a banner nor a footer.
LETTERHEAD: Final = Joined(FROM_OUTSIDE, FOOTER)

#: The one of them that names an address: where to complain.
ASKS_BACK: Final = re.compile(
    r"please (?:reply to|contact) <?\S{3,200}@\S{3,200}>? if you (?:feel|think|believe) (?:that )?this (?:message|e-?mail|mail)? ?(?:to be|is|was)(?: sent)? in error[.!]?"
)

#: What machines write above and below any mail, each sentence whole, in lower case on one line: to whom, that nobody reads the answer,
#: why he gets it, who writes.
POLITE: Final = re.compile(
    r"(?:dear (?:sir(?: or |/)madam|customer|user|sender|all)|hello|hi|good (?:morning|day)|(?:sehr geehrte )?(?:damen und herren|(?:r |te )?kund(?:e|in))|guten tag|hallo|"
    r"bonjour|madame, monsieur|cher client|estimado (?:cliente|usuario|señor)|buenos días|hola|gentile (?:utente|cliente)|buongiorno|beste (?:gebruiker|klant)|geachte (?:heer, mevrouw|klant)|"
    r"prezado (?:cliente|senhor|usuário)|szanowni państwo|dzień dobry|dobrý den|sayın (?:kullanıcı|müşterimiz)|здравствуйте|добрый день|いつもご利用いただきありがとうございます|お世話になっております|您好|안녕하세요)[,.:!。]?"
    r"|(?:please )?(?:do not|don['’]t) (?:reply|respond|answer)(?: directly)? (?:to )?(?:this )?(?:automated )?(?:message|e-?mail|mail|notice)?[.!]?"
    r"|(?:this|the) (?:mailbox|inbox|address|account) is (?:not (?:monitored|read|attended)|unmonitored|unattended)[.!]?"
    r"|this (?:is an?|e-?mail was|message was) (?:auto(?:matic(?:ally)?|mated)?(?:[- ]generated)?)(?: (?:generated|"
    r"sent|created))?(?: (?:message|e-?mail|notice|notification))?(?:[,;] (?:please )?do not reply)?[.!]?"
    r"|you (?:receive|received|get|are receiving) this (?:message|e-?mail|mail) because [^.!?]{1,120}[.!]?|unsubscribe:? ?\S*"
    r"|(?:with )?(?:kind|best|warm)?(?: )?regards,?(?: [\w .-]{1,40})?|mit freundlichen grüßen(?: [\w .-]{1,40})?|cordialement,?(?: [\w .'’-]{1,40})?|"
    r"(?:please )?consider the environment before printing this e-?mail[.!]?"
    r"|(?:dies ist|diese (?:e-?mail|nachricht) (?:wurde|ist)) (?:eine )?(?:automatisch (?:erzeugte?|erstellte?|generierte?|versandt))(?: (?:nachricht|e-?mail))?[^.!?]{0,20}[.!]?"
    r"|bitte antworten sie nicht (?:darauf|auf diese (?:e-?mail|nachricht))(?:, dieses postfach wird nicht gelesen)?[.!]?|dieses postfach wird nicht gelesen[.!]?"
    r"|ceci est un message automatique(?:, merci de ne pas y répondre)?[.!]?|merci de ne pas (?:y )?répondre[^.!?]{0,30}[.!]?"
    r"|(?:por favor,? )?no responda a este (?:mensaje|correo)(?:: este buzón no se atiende)?[.!]?|esta mensagem é automática(?:, por favor não responda)?[.!]?"
    r"|(?:questo|si prega di non rispondere a questo) messaggio(?: è automatico)?[^.!?]{0,30}[.!]?|dit bericht is automatisch verzonden(?:; u kunt er niet op antwoorden)?[.!]?"
    r"|это письмо создано автоматически(?:, отвечать на него не нужно)?[.!]?|※?この?メールは送信専用です。?(?:ご返信いただいてもお答えできません。?)?|ご返信いただいてもお答えできません。?",
)
