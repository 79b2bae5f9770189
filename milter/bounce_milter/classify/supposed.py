"""Whether what a reply says of an address is only supposed: behind "if" or "perhaps" in its clause, in any language.

Rule: "if the user does not exist, call us" says of nobody that he does not exist. A word such as "if" counts at the head of the
clause, for many are other words elsewhere ("se", "si", "ha"); "perhaps" counts wherever it stands before the words or in them,
unless it is also "can" and denied ("nie może"). In Chinese, Japanese and Korean, which join words, either counts anywhere in the
clause, and what stands behind too. Pure.
"""

import re
from typing import Final

# "If", "unless", "whether", "should", "in case".
_IF: Final = frozenset({
    "if", "unless", "whether", "should", "when", "assuming", "falls", "wenn", "ob", "sofern", "sollte", "sollten", "si", "s'il", "lorsque", "se",
    "qualora", "caso", "cuando", "als", "indien", "mocht", "wanneer", "om", "hvis", "dersom", "såfremt", "når", "när", "jos", "mikäli", "ef", "jeśli",
    "jeżeli", "gdy", "gdyby", "czy", "pokud", "jestliže", "zda", "když", "ak", "keď", "či", "če", "ako", "ukoliko", "kada", "ако", "дали", "уколико",
    "если", "когда", "якщо", "коли", "калі", "dacă", "daca", "când", "ha", "hogyha", "amennyiben", "αν", "εάν", "όταν", "eğer", "kui", "jei",
    "jeigu", "אם", "כאשר", "إذا", "اذا", "إن", "لو", "عندما", "اگر", "यदि", "अगर", "যদি", "ถ้า", "หาก", "nếu", "khi", "jika", "kalau", "apabila", "bila",
    "თუ", "եթե", "егер", "əgər",
})  # fmt: skip
# "Perhaps", "probably", "it seems".
_PERHAPS: Final = frozenset({
    "perhaps", "maybe", "possibly", "probably", "presumably", "likely", "seems", "seemingly", "apparently", "supposedly", "vielleicht", "möglicherweise",
    "moeglicherweise", "vermutlich", "wahrscheinlich", "eventuell", "evtl", "angeblich", "scheint", "anscheinend", "scheinbar", "peut-être", "peut-etre",
    "probablement", "apparemment", "éventuellement", "quizá", "quizás", "quiza", "quizas", "posiblemente", "probablemente", "aparentemente", "parece",
    "forse", "probabilmente", "magari", "apparentemente", "eventualmente", "talvez", "provavelmente", "possivelmente", "misschien", "waarschijnlijk",
    "mogelijk", "blijkbaar", "kanske", "förmodligen", "troligen", "möjligen", "måske", "muligvis", "sandsynligvis", "kanskje", "muligens", "sannsynligvis",
    "ehkä", "mahdollisesti", "luultavasti", "kannski", "líklega", "może", "chyba", "prawdopodobnie", "możliwe", "możliwie", "možná", "zřejmě",
    "pravděpodobně", "patrně", "možno", "zrejme", "pravdepodobne", "morda", "verjetno", "možda", "vjerojatno", "verovatno", "можда", "вероватно", "вероятно",
    "възможно", "евентуално", "возможно", "видимо", "наверное", "похоже", "можливо", "мабуть", "імовірно", "ймовірно", "магчыма", "poate", "probabil",
    "posibil", "talán", "valószínűleg", "esetleg", "ίσως", "πιθανώς", "πιθανόν", "μάλλον", "belki", "muhtemelen", "galiba", "galbūt", "tikriausiai",
    "võib-olla", "arvatavasti", "ilmselt", "varbūt", "iespējams", "אולי", "כנראה", "ייתכן", "ربما", "يحتمل", "لعل", "شاید", "احتمالا", "احتمالاً",
    "शायद", "संभवतः", "সম্ভবত", "mungkin", "barangkali", "kemungkinan", "შესაძლოა", "ალბათ", "հնարավոր", "мүмкін", "bəlkə",
})  # fmt: skip
# The same in languages that join their words, or write one in two.
_JOINED: Final = re.compile(
    r"可能|如果|倘若|假如|若|或许|或許|也许|也許|大概|恐怕|おそらく|恐らく|たぶん|多分|もし|아마|만약|만일|혹시|อาจ|คาดว่า|có (?:thể|lẽ)|tal vez|a lo mejor"
    r"|(?:in|en) (?:case|caso)\b|au cas où|sans doute|être que|быть может|може би|być może"
    # "It may" before what is or is not; before what was the same word confirms it: "قد تم حذف".
    r"|\bقد(?= (?:لا |ي|تكون)| ?\Z)"
)
# Words for "perhaps" that are "can" or "possible" too, denied: it cannot, it is not possible.
_CANNOT: Final = re.compile(
    r"\b(?:nie|nu|не|není)(?: (?:jest|było|este|a fost))? (?:może|możliwe|poate|posibil|возможно|можливо|възможно|možná)\b"
)
_BEHIND: Final = re.compile(
    r"\W{0,2}[\u3040-\u30ff]{0,6}?(?:場合|なら|れば|かもしれ|可能性|でしょう|だろう|恐れ)|[\uac00-\ud7af]{0,3}(?: ?경우|면(?![가-힣])| ?수 있)|的(?:话|話|情况|情況|可能)"
)
_CLAUSE: Final = re.compile(r"[.,;:!?()\[\]。、，；：！？（）]")
_WORD: Final = re.compile(r"[^\s\"'<>|]+(?:'[^\s\"'<>|]+)?")


def may_be(text: str) -> bool:
    """Say whether a lower-case *text* holds a word behind which others may be supposed: cheap, for nearly none does."""
    words = _WORD.findall(_CLAUSE.sub(" ", text))
    told = not (_IF.isdisjoint(words) and _PERHAPS.isdisjoint(words))
    return told or _JOINED.search(text) is not None or (not text.isascii() and _BEHIND.search(text) is not None)


def is_supposed(before: str, after: str, words: str = "") -> bool:
    """Say whether *words* are only supposed, from what stands *before* them and behind, and in them, in lower case."""
    if not _PERHAPS.isdisjoint(_WORD.findall(_CANNOT.sub(" ", words))):
        return True
    *others, clause = _CLAUSE.split(before)
    if others and others[-1].strip() in _PERHAPS and not clause.strip():  # "Perhaps, ..."
        return True
    clause = _CANNOT.sub(" ", clause)
    heads = _WORD.findall(clause)
    if heads and (heads[0] in _IF or not _PERHAPS.isdisjoint(heads)):
        return True
    return _JOINED.search(clause) is not None or _BEHIND.match(after) is not None
