"""Every bound on hostile input, each with its reason.

Rule: whoever reads input takes the bound from here; how far one reader looks in what is bounded already, it says
itself. Over a bound a message is judged by what was read; it is never dropped and never delayed. Where that may cost a
recipient his verdict it is marked as truncated: over the bounds on the message, its parts and their nesting, its words and
their lines, the delivery report, the recipients, and what of their replies is judged.
"""

from typing import Final

#: Of a message, what is looked at. Postfix returns at most 50,000 octets of the original (bounce_size_limit) and
#: reports stand before it; 256 KiB holds its words and its report on five hundred recipients.
MESSAGE_BYTES: Final = 256 * 1024

#: Of the header. Postfix cuts one field at 60,000 octets where a milter runs; real bounces stay below 30 KiB.
HEADER_BYTES: Final = 96 * 1024

#: Fields of one header. Real bounces have fewer than 150.
HEADER_FIELDS: Final = 1_000

#: Of forged fields, what removing them may cost the mail server, which walks from the top of the message to each: 10,000
#: of one name and nothing else take Postfix 12 s. Without a bound ten megabytes of them would keep it busy for hours.
REMOVAL_STEPS: Final = 50_000_000

#: Of one field's value, what is looked at: more than RFC 5322's 998 octets times any honest folding.
FIELD_BYTES: Final = 16 * 1024

#: Nested multiparts. A report inside an alternative inside a mailing list's wrapper is three deep.
NESTING: Final = 8

#: Parts of one message. A report has three; attachments of a quoted message are not counted.
PARTS: Final = 64

#: Decoded text of one part that is read: the words of a server stand in its first screens.
TEXT_BYTES: Final = 64 * 1024

#: Lines of the human part that are read.
TEXT_LINES: Final = 2_000

#: Of one line of the human part: twice what RFC 5322 2.1.1 allows, for paragraphs that HTML puts on one line. Patterns
#: look at lines, and what they may have to try grows with the square of a line.
LINE_CHARS: Final = 2_000

#: Of the human part, where a notice says what it is and a challenge what it asks for: below a greeting, in two languages.
OPENING_CHARS: Final = 4_000

#: Of the human part, where a program signs and a list manager refuses a post: below it may stand the post itself.
SIGNATURE_CHARS: Final = 2_000

#: Of words that quote no reply, what is kept as the cause: the first sentences tell it, then comes whom to ask.
CAUSE_CHARS: Final = 600

#: Recipients of one message. Postfix and Sendmail split at 1,000 or fewer (RFC 5321 4.5.3.1.8 asks for 100).
RECIPIENTS: Final = 1_000

#: Recipients that are read out of words rather than out of a report: systems that list more send a report too.
TEXT_RECIPIENTS: Final = 100

#: Of one delivery-status part, three quarters of a message: 750 recipients with six fields each, RECIPIENTS with four.
STATUS_BYTES: Final = 192 * 1024

#: Of one server reply. RFC 5321 4.5.3.1.5 allows 512 octets a line; long policy texts have ten lines.
REPLY_CHARS: Final = 4_000

#: Of one object of an event feed. SES repeats the header of the message in it.
EVENT_CHARS: Final = 64 * 1024

#: Places in a reply where another one may be quoted; each is read. Replies within replies are seldom three.
QUOTES: Final = 8

#: An address: its parts may have 64 and 255 octets (RFC 5321 4.5.3.1.1, 4.5.3.1.2). A path has 256 (4.5.3.1.3), which not
#: everybody keeps to; quotes and xtext need a little more.
ADDRESS_CHARS: Final = 512

#: Of one server reply, what rules are matched against. The reason stands in the first sentences; what follows are
#: links and legal text. Longer text costs time and brings words that are no evidence.
WORDS_CHARS: Final = 2_000

#: Of all replies of one message, no two the same but for the address: beyond it a recipient is judged by his codes alone,
#: and is never dead. A report on a hundred recipients has less; words made of the rules' own cost up to 20 us a letter.
JUDGED_CHARS: Final = 16_000

#: Of one server reply, what is put to the vote: the first sentences say why, the rest is links and law.
VOTING_CHARS: Final = 600

#: Terms of it: more say nothing new, and the sum of their weights has 16 bits.
VOTING_TERMS: Final = 256

#: Of what a notice says to people, what is put to the vote: what is longer nobody wrote himself, it is a form, of which
#: the vote knows little and takes long.
OWN_WORDS_CHARS: Final = 300

#: Of what a notice says to people, how many sentences are asked one by one: the cause stands above the advice.
SENTENCES: Final = 20

#: Replies, without their names, of which it is kept which rules their words fit, about 700 octets each: most are few and
#: the same.
KNOWN_REPLIES: Final = 512

#: Votes that are kept, about 1,500 octets each.
KNOWN_BALLOTS: Final = 640

#: Replies that called an address dead of which it is kept what stands around the words, about 600 octets each.
KNOWN_SURROUNDINGS: Final = 128

#: Patterns that are ready to be tried by themselves: the rules have thousands of them, a day's replies need a few
#: dozen again and again, and to make one anew costs 60 us. New ones have 13,000 octets each, and grow with hostile texts to
#: 256 KiB at most: 12 MB in all.
KNOWN_TRIALS: Final = 48

#: Patterns that one reply is tried with: the longest known asks for 107, and to make one anew costs 60 us and more.
TRIALS: Final = 160

#: A reply's codes and command together, of which it is kept what they say alone, about 300 octets each: a day's replies
#: have two hundred.
KNOWN_CODES: Final = 256

#: The same, of which it is kept what the vote hears before a word, about 2,000 octets each: most replies have one of a
#: few dozen.
KNOWN_UNWORDED: Final = 64

#: Texts of which a reader keeps what it found, for the next recipient: of a report on hundreds each has the same words.
SAME_WORDS: Final = 8

#: Of the words in a reply's links: the page's name, not all that is handed to it.
LINK_WORDS: Final = 24

#: Of the words quoted as evidence: two header lines.
EVIDENCE_CHARS: Final = 160

#: One rule's pattern: a phrase, not a program; it bounds the memory of the compiled set.
PATTERN_CHARS: Final = 1_000

#: One sentence of ours in a field, quotes included: a long one has 400 characters.
SENTENCE_CHARS: Final = 600

#: Of an address or a host name, what a sentence shows; the Details field holds it whole.
NAME_CHARS: Final = 100

#: Of one value in a Details field, in UTF-8: the longest parts of an address (RFC 5321 4.5.3.1.1, 4.5.3.1.2) and its "@". In
#: percent-encoding it has three times as many, and stays below the 998 of a line (RFC 5322 2.1.1).
DETAIL_OCTETS: Final = 320

#: One field. Three long sentences in Japanese, encoded, have 2,000 octets.
FIELD_OCTETS: Final = 4_000

#: All fields of one message: Sendmail takes a header of 32,768 octets (MaxHeadersLength), ours and the message's.
FIELDS_OCTETS: Final = 20_000

#: A word longer than this is cut into encoded words, because a line may not be over 998 octets (RFC 5322 2.1.1).
WORD_CHARS: Final = 200

#: Of a server's words, what is quoted to a person.
QUOTE_CHARS: Final = 200

#: Of a file of the admin's, options, rules or words: all the packaged rules together have 1.3 million. What is larger got
#: there by mistake, and reading it would end, for want of memory, the process that holds the workers.
FILE_BYTES: Final = 8_000_000
