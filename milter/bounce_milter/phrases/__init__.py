"""The words by which bounces, delays, vacation notes and challenges are known, in the languages servers write.

Rule: one phrase per item, RE2 syntax, matched on text in lower case; the item says what servers say, never which
message said it.
"""

from bounce_milter.phrases.base import any_of
from bounce_milter.phrases.doubts import (
    ANSWER_LOST,
    BIDS,
    CHECK_FIRST,
    HIM,
    HOUSE,
    MAY_BE,
    SEND_AGAIN,
    SENT_ON,
    TAKEN_BACK,
)
from bounce_milter.phrases.fates import (
    DELAY,
    EXPIRED,
    FAILURE,
    GIVEN_UP,
    NOT_YET,
    RESULT,
    STOPPED,
    STRONG,
    SUCCESS,
    TAKEN,
    UNDELIVERED,
)
from bounce_milter.phrases.kinds import (
    BOUNCE_SUBJECT,
    CHALLENGE,
    CHALLENGE_SUBJECT,
    DAEMON,
    LIST_REFUSAL,
    NOTICE,
    NOTICE_SUBJECT,
    OPENING,
    STOPPED_SUBJECT,
    VACATION,
)
from bounce_milter.phrases.lines import BANNER, BORDER, HELPDESK, IS_NEW, ITEM, NOW_AT, OPENS, REASON_TOLD

__all__ = [
    "ANSWER_LOST",
    "BANNER",
    "BIDS",
    "BORDER",
    "BOUNCE_SUBJECT",
    "CHALLENGE",
    "CHALLENGE_SUBJECT",
    "CHECK_FIRST",
    "DAEMON",
    "DELAY",
    "EXPIRED",
    "FAILURE",
    "GIVEN_UP",
    "HELPDESK",
    "HIM",
    "HOUSE",
    "IS_NEW",
    "ITEM",
    "LIST_REFUSAL",
    "MAY_BE",
    "NOTICE",
    "NOTICE_SUBJECT",
    "NOT_YET",
    "NOW_AT",
    "OPENING",
    "OPENS",
    "REASON_TOLD",
    "RESULT",
    "SEND_AGAIN",
    "SENT_ON",
    "STOPPED",
    "STOPPED_SUBJECT",
    "STRONG",
    "SUCCESS",
    "TAKEN",
    "TAKEN_BACK",
    "UNDELIVERED",
    "VACATION",
    "any_of",
]
