"""When the vote of a reply's words and codes (`votes`) outweighs what a rule or a code says of it.

Rule: a vote is a guess. By itself it never makes an address dead, it is never told with high confidence, it must lead
the further the surer the verdict is that it gainsays, and what people or providers stated themselves is not put to it.
A clear vote and a specific code that say the same are no weaker than the vote is alone; a phrase that a clear vote gainsays
and does not overrule is told with medium confidence at most. Of a text that was cut off it says nothing surely.
Where it says that not the address is at fault, the address is not called dead; nor where beside a phrase a tenth of it
says so, in another language than English less: "user unknown, LDAP server down"; nor where it says so twice as much as
of the phrase alone; nor where it would say so of a clause beside it, heard behind plain words, for strong ones drown that;
nor where it does not know every third word beside it, or words came as "?????"; nor where the words clearly tell nothing.
Sentences to people around a reply it hears one by one (`told`).
"""

import re
from enum import Enum, auto
from typing import Final

import msgspec

from bounce_milter import limits
from bounce_milter.catalogue import Catalogue, Ready, terms, votes
from bounce_milter.classify import bycode
from bounce_milter.classify.around import says_more
from bounce_milter.classify.normal import Normal, has_words, holds_lost_words, holds_symbol, normalise, numbers
from bounce_milter.classify.surroundings import Surroundings
from bounce_milter.classify.verdict import BEFORE_RCPT, Query, Verdict, about, class_of, passes
from bounce_milter.vocabulary import REASONS, Confidence, Reason

#: The share that a winner needs at all: below it, five of six are wrong.
_LEAST: Final = 0.15
#: The share from which on nineteen of twenty are right, more than where a phrase is known.
_CLEAR: Final = 0.6
#: The share from which on words beside a whole sentence are heard against it.
_OVERWHELMING: Final = 0.9
#: Words that must speak for a winner that is not clear, names of kinds such as <addr> not counted. Over a guess one is
#: enough if its share is as large as that: two of three are right then.
_TOLD: Final = 2
_ALONE: Final = 0.3
#: Words that are told.
_LOUDEST: Final = 3
#: By how much the vote must lead the verdict's own reason, in logits: 1.25 is seven to two, a quarter is five to four.
#: Over a phrase that nothing beside it puts in doubt, over a specific code that no phrase confirms, and over anything else.
_OVER_PHRASE: Final = 1.25
_OVER_CODE: Final = 0.5
_OVER_GUESS: Final = 0.25
#: Words that the vote must know of a sentence that is no reply.
_SENTENCE: Final = 4
#: From this share of what leaves an address alive nobody is called dead, unless a phrase is all that is said: of replies
#: written to mislead a half is spared so that no hint knows, at the price of one in forty dead.
_LIVING: Final = 0.1
#: Beside a phrase of another language, of which it has heard less.
_LIVING_ABROAD: Final = 0.07
#: From this share of it on it also tells whether that is more than the phrase alone has, and by how many times it must be.
_RAISED: Final = 0.05
_TIMES: Final = 2
#: So many known words for a strange one are too few.
_STRANGE: Final = 2
#: Below this share of it, words that no rule knows confirm a code that says of an address that it is dead.
_NONE_LIVING: Final = 0.01

#: How many times as likely what leaves an address alive must be with a clause that is heard behind plain words as without: of the
#: replies that were written to hide a remark behind a strong phrase four of five are spared, at the price of one dead in a hundred.
_REMARKED: Final = 1.25
_PLAINLY: Final = Query(reply="550", status="5.1.1", text="user unknown")
# Between the clauses of a reply.
_CLAUSES: Final = re.compile(r"[,;:()\[\].!?]|\s-\s")

# Where a text that was cut off ends: behind a word that none ends with, or in the first letters of what its verb says.
_CUT_OFF: Final = re.compile(
    r"(?:^|[ '’])(?:is|are|was|were|has|have|because|the|an?|your|their|ist|wird|wurde|hat|weil|der|est|sont|parce que|les|es|ha|"
    r"porque|perch.|[eèé]|foi|het|wordt|heeft|jest)(?: (?:not )?[a-z]{1,2})?$"
).search

# What is said of a sender in words that call others unknown: "sender verify failed: no such user", harvesting.
_OF_SENDERS: Final = frozenset({Reason.SENDER_REFUSED, Reason.RATE_LIMITED, Reason.BLOCKLISTED, Reason.GREYLISTED})

# What says nothing against a phrase: that the words say nothing, or that time ran out, which may be the report's own word.
_OVERRULES_NO_PHRASE: Final = frozenset({Reason.UNKNOWN, Reason.DELIVERY_EXPIRED})

_LOW: Final = Confidence.LOW
_MEDIUM: Final = Confidence.MEDIUM
_UNKNOWN: Final = Reason.UNKNOWN
_USER_UNKNOWN: Final = Reason.USER_UNKNOWN
_EXPIRED: Final = Reason.DELIVERY_EXPIRED
# A word, or a name of several parts.
_WORD: Final = re.compile(r"\w[\w.+-]*")


class Doubt(Enum):
    """What the vote has against a dead address: it hears something else, or words that it does not know."""

    LIVING = auto()
    STRANGE = auto()


def stands(verdict: Verdict, chosen: Ready | None) -> bool:
    """Say whether a verdict, made by the rule *chosen* or by the code, is not put to the vote.

    The admin's own rules, a provider's tokens, what is known of one host and what is all of the reply are not, nor is a mere
    consequence, nor what says that time ran out: that stands often beside the report's own words.
    """
    if verdict.reason is _EXPIRED:
        return True
    if chosen is None:
        return False
    return not is_open(chosen) or chosen.rule.follow_up


def is_open(chosen: Ready) -> bool:
    """Say whether words may stand beside the sentence that a rule knows which make it another's: then they are heard."""
    return not (chosen.own or chosen.token or chosen.closed or chosen.rule.by)


def doubt(
    query: Query,
    verdict: Verdict,
    chosen: Ready | None,
    normal: Normal,
    catalogue: Catalogue,
    cast: votes.Ballot | None = None,
) -> Doubt | None:
    """Return what makes it doubtful that the phrase, or the code, of a dead address' *verdict* is all that the words say.

    cast   how the reply voted
    """
    cast = cast or ballot(query, normal.words.decode(), catalogue)
    if cast is None:
        return None
    if verdict.quote is None:
        return Doubt.LIVING if cast.living >= _LIVING and says_more(normal.words) else None
    if holds_lost_words(normal):
        return Doubt.STRANGE
    there = verdict.quote.around()
    if there.is_all:
        return Doubt.STRANGE if holds_symbol(normal) else None
    if cast.winner is _UNKNOWN and cast.shares()[_UNKNOWN] >= _CLEAR:
        return Doubt.LIVING
    least = _LIVING_ABROAD if chosen is not None and chosen.foreign else _LIVING
    if cast.living >= least or _raises(query, there.phrase, cast.living, catalogue):
        return Doubt.LIVING
    if verdict.reason is _USER_UNKNOWN and cast.living >= _NONE_LIVING and _is_remarked(there, catalogue):
        return Doubt.LIVING
    # Beside an English phrase a word may be his name: "unknown user 'bob'"; what is put in brackets or behind a comma is a remark.
    named = there.beside.isascii() and "(" not in there.beside and "," not in there.beside
    names = int(chosen is not None and not chosen.foreign and named)
    return Doubt.STRANGE if _is_strange(query, there.beside, catalogue, names) else None


def _is_remarked(there: Surroundings, catalogue: Catalogue) -> bool:
    """Say whether a clause beside that of a phrase, whose own words were heard with it, would leave an address alive."""
    before, _, behind = there.beside.partition("|")
    clauses = _CLAUSES.split(before)[:-1] + _CLAUSES.split(there.phrase[-1:] + behind)[1:]
    return any(_is_remark(clause, catalogue) for clause in clauses)


def _is_remark(clause: str, catalogue: Catalogue) -> bool:
    if not says_more(clause.encode()):
        return False
    alone = ballot(_PLAINLY, _PLAINLY.text or "", catalogue)
    heard = ballot(_PLAINLY, f"{_PLAINLY.text}, {clause.strip()}", catalogue)
    return alone is not None and heard is not None and _odds(heard.living) > _REMARKED * _odds(alone.living)


def _raises(query: Query, phrase: str, living: float, catalogue: Catalogue) -> bool:
    """Say whether the words beside a *phrase* make it likelier, by their odds, that something else is meant."""
    alone = ballot(query, phrase, catalogue)
    return alone is not None and living >= _RAISED and _odds(living) > _TIMES * _odds(alone.living)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else float("inf")


def _is_strange(query: Query, words: str, catalogue: Catalogue, names: int = 0) -> bool:
    """Say whether of three words one or more is not known to the vote: what it cannot hear it cannot clear.

    names   so many of those that are not known may be names
    """
    cast = ballot(query, words, catalogue)
    if cast is None:
        return len(_WORD.findall(words)) > names and says_more(words.encode())
    return _STRANGE * (cast.strange - names) >= max(1, sum(words[at] != "<" for at in cast.spoke[::2]))


def ballot(query: Query, words: str, catalogue: Catalogue) -> votes.Ballot | None:
    """Return how a reply votes, its normalised *words* and its codes; None where no word is known."""
    if catalogue.votes is None:
        return None
    return votes.count(catalogue.votes, words, terms.codes(query.reply, query.status, query.command))


def told(sentence: str, catalogue: Catalogue) -> Reason | None:
    """Return what a sentence to people, heard without any code, clearly means to those who wrote like that; None where it is open."""
    words = normalise(sentence, catalogue.clearings).words.decode()
    cast = votes.count(catalogue.votes, words, ()) if catalogue.votes and "<cleared>" not in words else None
    if cast is None or sum([words[at] != "<" for at in cast.spoke[::2]]) < _SENTENCE:
        return None
    return cast.winner if cast.shares()[cast.winner] >= _CLEAR else None


def read(query: Query, coded: bycode.Coded, normal: Normal, catalogue: Catalogue) -> bycode.Coded:
    """Return what a code means that is used in two ways: the rarer one where the words clearly do."""
    if coded.or_else is None:
        return coded
    cast = ballot(query, normal.words.decode(), catalogue)
    rarer = cast is not None and cast.shares()[coded.or_else] >= _CLEAR
    return coded._replace(reason=coded.or_else) if rarer else coded


def confirms(query: Query, coded: bycode.Coded, normal: Normal, catalogue: Catalogue) -> bool:
    """Say whether nearly all who wrote like that meant what the code says of an address, and it was dead."""
    words = normal.words.decode()
    cast = ballot(query, words, catalogue)
    if cast is None or cast.winner is not coded.reason or cast.living >= _NONE_LIVING:
        return False
    return not _is_strange(query, words, catalogue)


def ask(
    query: Query, verdict: Verdict, chosen: Ready | None, coded: bycode.Coded, normal: Normal, catalogue: Catalogue
) -> Verdict:
    """Return what the reply means to those who wrote like that before, where that outweighs the *verdict*.

    chosen   the rule that made the verdict, None where the code did
    """
    words = normal.words.decode()
    cast = ballot(query, words, catalogue) if has_words(words) else None
    if cast is None:
        return verdict
    reason = cast.winner
    if verdict.dead and doubt(query, verdict, chosen, normal, catalogue, cast):
        verdict = verdict.alive(verdict.at_most_medium)
    if reason is verdict.reason:
        return _agreed(verdict, cast, coded, words)
    share, lead = cast.shares()[reason], cast.lead(verdict.reason)
    if chosen is not None and chosen.exact and share < _OVERWHELMING:
        return verdict
    clear = share >= _CLEAR
    sure = chosen is not None and not chosen.hint and verdict.confidence is not _LOW
    coded_so = coded.specific and coded.reason is verdict.reason
    if clear and reason not in _OVERRULES_NO_PHRASE:
        verdict = msgspec.structs.replace(verdict, confidence=verdict.at_most_medium)
    if share < _LEAST or not _objects(reason, query, verdict, sure=sure, coded=coded_so, clear=clear):
        return verdict
    if lead < (_OVER_PHRASE if sure else _OVER_CODE if coded_so else _OVER_GUESS):
        return verdict
    spoke = _speakers(cast, reason, words)
    loudest = numbers(words, spoke)
    enough = len(loudest) >= _TOLD or (loudest and share >= _ALONE and not (sure or coded_so))
    if not (enough or clear):
        return verdict
    told = " ... ".join([normal.written[place] for place in sorted(loudest[:_LOUDEST])])
    surely = clear and len(spoke) >= _TOLD and reason is not _UNKNOWN and not _CUT_OFF(words)
    confidence = _MEDIUM if surely else _LOW
    return _elected(query, reason, share, told, normal, verdict.matched, confidence=confidence)


def _agreed(verdict: Verdict, cast: votes.Ballot, coded: bycode.Coded, words: str) -> Verdict:
    """Return what a specific code alone says, surer where the vote is clearly of its mind: then 155 of 156 were right."""
    by_code = verdict.rule is None and coded.specific and verdict.confidence is _LOW and verdict.disagreement is None
    if not by_code or cast.shares()[cast.winner] < _CLEAR or _CUT_OFF(words):
        return verdict
    if REASONS[verdict.reason].may_be_dead and cast.living >= _LIVING:
        return verdict
    if len(_speakers(cast, cast.winner, words)) < _TOLD:
        return verdict
    return msgspec.structs.replace(verdict, confidence=_MEDIUM)


def _speakers(cast: votes.Ballot, reason: Reason, words: str) -> list[int]:
    """Return where the words begin that spoke for a reason, names of kinds such as <addr> not counted, the loudest first."""
    return [at for at in cast.loudest(reason) if words[at] != "<"]


def _objects(reason: Reason, query: Query, verdict: Verdict, *, sure: bool, coded: bool, clear: bool) -> bool:
    """Say whether a winner gainsays the verdict at all.

    That the words say nothing does not gainsay a phrase or a specific code, nor does it that time ran out, which may be
    the report's own word. Before the recipient was named nothing is said of him, and what passes is seldom his end.
    """
    if REASONS[reason].may_be_dead and (
        _says_of_sender(verdict, sure=sure) or query.command in BEFORE_RCPT or (passes(query) and not clear)
    ):
        return False
    if reason is _UNKNOWN:
        return not (coded or verdict.rule)
    if reason is _EXPIRED:
        return not sure and query.action != "delayed" and (clear or not (coded or verdict.rule))
    return True


def _says_of_sender(verdict: Verdict, *, sure: bool) -> bool:
    """Say whether a phrase is about the sender: that may say of somebody that he is unknown."""
    return sure and verdict.quote is not None and verdict.reason in _OF_SENDERS


def _elected(
    query: Query, reason: Reason, share: float, loudest: str, normal: Normal, matched: tuple[str, ...],
    *, confidence: Confidence,
) -> Verdict:  # fmt: skip
    """Return the verdict for the winner, with the words that spoke loudest for it as its evidence."""
    row = REASONS[reason]
    class_ = class_of(None if reason is _UNKNOWN else row.class_, query, stated=False)
    return Verdict(
        reason=reason,
        class_=class_,
        dead=False,
        act=row.act,
        confidence=confidence,
        stated=loudest[: limits.EVIDENCE_CHARS] or None,
        disagreement=bycode.disagreement(reason, class_, query.reply, query.status),
        about=about(reason, normal),
        share=share,
        matched=matched,
    )
