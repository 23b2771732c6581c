"""Words for a state of rows that a column has under another name: "owes" is not settled. Pure.

"havent", "thats": words that people run together are parted on the way, so that a "not" is seen.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from planner.questions.naming.averages import against_average
from planner.questions.naming.codes import coded_words
from planner.questions.semantics import Role
from planner.questions.words.lexicon import plain
from planner.questions.words.terms import Ref, Vocabulary

_NOT: Final = re.compile(
    r"\b(have|has|had|do|does|did|is|are|was|were|would|could|should|ca|wo|ai)n['’]?t\b",
    re.IGNORECASE,
)
_KEPT: Final = frozenset(["have", "has", "do", "does", "did", "is", "are", "was", "were"])
"""Their "n't" is a phrase of its own; of the others only the "not" counts."""
_SOME: Final = (
    r"\b(?<!least )(?<!most )((?:\d+|two|three|four|five|six|seven|eight|nine|ten) (?:different |distinct )?"
    r"[a-z]+s)"
)
_RUN: Final = (
    (re.compile(r"\b(that|there|here)['’]?s\b", re.IGNORECASE), r"\1 is"),
    (re.compile(r"\b(who|what)s\b", re.IGNORECASE), r"\1's"),
    (re.compile(r"\b(we|you|they)ve\b", re.IGNORECASE), r"\1've"),
    (re.compile(r"\bno[ -]?one\b", re.IGNORECASE), "nobody"),
    (
        re.compile(r"\b(?:failed|fails|forgot|refused|neglected|yet|still) to\b", re.IGNORECASE),
        "did not",
    ),
    (
        re.compile(
            r"\b(remarks?|notes?|comments?|messages?) (?:says?|said|reads?)\b", re.IGNORECASE
        ),
        r"\1 contains",
    ),
    (
        re.compile(r"\b(that|which|^(?:which|what) \w+) (?:says?|said)\b", re.IGNORECASE),
        r"\1 contains",
    ),
    (re.compile(r"(?<![\w.])(\d+)\s?\+(?=\s+[a-z])", re.IGNORECASE), r"at least \1"),
    (
        re.compile(
            r"\b(?:top|first) (\d+|two|three|four|five|six|ten) (?=(?:best|most|highest|biggest|largest)\b)",
            re.IGNORECASE,
        ),
        r"\1 ",
    ),
    (re.compile(rf"{_SOME} or (?:more|over|up)\b", re.IGNORECASE), r"at least \1"),
    (re.compile(rf"{_SOME} or (?:fewer|less|under)\b", re.IGNORECASE), r"at most \1"),
)

_TABLE: Final = """
paid settled cleared payed pay* settle* | owe owes owed owing outstanding unpaid unsettled not-paid-up | paid pd settled cleared
finished done completed complete closed resolved ended finish* complete* | unfinished uncompleted incomplete ongoing unresolved still-open still-going in-progress | done finished completed closed resolved ended
left quit departed resigned churned leave* quit* | current currently active still-with-us still-here still-in still-there still-play still-plays still-playing still-work still-works still-working still-employed still-around remaining right-now at-the-moment at-present | left leaving departed resigned leave churned
 | still-in still-here still-there still-inside | out discharged departed
returned brought-back handed-back return* come-back* came-back* | unreturned not-back still-out | returned back
sent posted mailed dispatched despatched gone-out send* | unsent still-to-send | sent posted dispatched despatched
delivered shipped | undelivered unshipped | delivered shipped
approved authorised authorized | unapproved unauthorised unauthorized | approved auth authorised authorized
filled | unfilled vacant still-open | filled
cancelled canceled called-off | | canc cancelled canceled cxl
turned-up attended showed-up turn-up* attend* show-up* there* | | attended present turned came
successful succeeded went-through succeed* go-through* | failed unsuccessful bounced declined | ok okay success successful succeeded
passed pass* | failed unsuccessful flunked | passed pass
confirmed verified confirm* verify* | unconfirmed unverified | confirmed verified
neutered spayed castrated | unneutered | neut neutered spayed
"""
"""What is so (with a star: only behind a "not") | what is not so | what columns for it are called."""


@dataclass(frozen=True)
class _State:
    so: re.Pattern[str]
    not_so: re.Pattern[str]
    bare: frozenset[str]
    columns: frozenset[str]


def _any_of(words: str) -> re.Pattern[str]:
    found = sorted(words.replace("*", "").split(), key=len, reverse=True)
    known = "|".join(word.replace("-", r"\s+") for word in found)
    whom = r"(?:\s+(?:us|me|them|him|her|it|up|yet)\b)*"
    return re.compile(rf"\b(?:still\s+)?(?P<word>{known or '(?!)'})\b{whom}", re.IGNORECASE)


def _read(line: str) -> _State:
    so, not_so, columns = line.split("|")
    bare = {word[:-1].replace("-", " ") for word in so.split() if word.endswith("*")}
    return _State(_any_of(so), _any_of(not_so), frozenset(bare), frozenset(columns.split()))


_STATES: Final = tuple(map(_read, _TABLE.strip().splitlines()))
_BEFORE: Final = re.compile(
    r"(?:\bnot|n't|\bnever|\bno|\bnobody|\bcannot|\bwithout|\bnon)[\s\w]{0,12}$", re.IGNORECASE
)
_TIMED: Final = re.compile(
    r"\b(?:when|long|longest|shortest|days?|weeks?|months?|years?|time|date|since|before|after|until|"
    r"last|first|latest|newest|oldest|on|in|most|least)\b|\d{4}",
    re.IGNORECASE,
)
"""With one of these a day may be what is asked for, rather than whether there is one."""


def parted(words: str) -> str:
    """The words with each contraction in full or with its apostrophe."""
    words = against_average(_NOT.sub(_negated, words))
    for pattern, written in _RUN:
        words = pattern.sub(written, words)
    return words


def _negated(match: re.Match[str]) -> str:
    verb = match[1].lower()
    return f"{match[1]}n't" if verb in _KEPT else "cannot" if verb == "ca" else "not"


def stated(words: str, vocabulary: Vocabulary) -> str:
    """The words with each state said by its column in brackets: "who owes us" as "who not ⟦settled⟧"."""
    words = _BY_OTHERS.sub(partial(_by_others, vocabulary), coded_words(words, vocabulary))
    if not vocabulary.is_name("sales"):
        words = _SALES.sub(_selling, words)
    words = _SELLERS.sub(partial(_sellers, vocabulary), words)
    for state in _STATES:
        for pattern, so in ((state.not_so, False), (state.so, True)):
            for match in reversed([*pattern.finditer(words)]):
                if not _is_known(match["word"], vocabulary):
                    words = _said(words, match, state, vocabulary, so=so)
    return _BOTH_WAYS.sub(partial(_told_apart, vocabulary), words)


_SALES: Final = re.compile(
    r"(?<![\w-])(?P<what>[\w-]{1,40}) (?:(?:that|which) )?(?:with|has|have|had|made|makes|gets) (?:the )?"
    r"(?:(?:most|highest|biggest|best|top)|(?P<least>fewest|least|lowest|worst)) sales\b",
    re.IGNORECASE,
)


def _selling(match: re.Match[str]) -> str:
    """ "the product with the most sales" is the best-selling one, where no column is named sales."""
    return f"{'worst' if match['least'] else 'best'}-selling {match['what']}"


_COUNT: Final = r"\d{1,3}|two|three|four|five|six|seven|eight|nine|ten"
_SELLERS: Final = re.compile(
    rf"\b(?:(?P<n>{_COUNT}) )?"
    r"(?:(?:best|top|biggest|greatest)|(?P<least>worst|slow|slowest|poorest))"
    rf"(?: (?P<m>{_COUNT}))?[ -]?seller(?P<many>s?)\b",
    re.IGNORECASE,
)


def _sellers(vocabulary: Vocabulary, match: re.Match[str]) -> str:
    """ "our 3 best sellers" are the products that sell best, where nobody is called a seller."""
    if vocabulary.column(f"seller{match['many']}") or vocabulary.noun(f"seller{match['many']}"):
        return match[0]
    number = match["n"] or match["m"] or ""
    thing = "products" if match["many"] or number else "product"
    return f"{number} {'worst' if match['least'] else 'best'}-selling {thing}".strip()


_BY_OTHERS: Final = re.compile(
    r"(?:\bnot|n't) (?:paid|sent|done|made|given|taken|\w+ed) (?:by|via|through|using|in|with) (?P<what>\w+)",
    re.IGNORECASE,
)


def _by_others(vocabulary: Vocabulary, match: re.Match[str]) -> str:
    """ "not paid by wire" was paid, in another way."""
    known = vocabulary.value(match["what"]) is not None
    return f"not {match['what']}" if known else match[0]


_BOTH_WAYS: Final = re.compile(
    r"\b(?:with\s*(?:and|or|vs\.?|versus|/)\s*without|without\s*(?:and|or|vs\.?|versus|/)\s*with)\s+"
    r"(?:an?\s+|the\s+|any\s+)?(?P<what>[\w-]+)",
    re.IGNORECASE,
)


def _told_apart(vocabulary: Vocabulary, match: re.Match[str]) -> str:
    """ "with and without battery": by the column that says yes or no."""
    ref = vocabulary.column(match["what"])
    boolean = [held for held in (ref.refs if ref is not None else ()) if held.role is Role.BOOLEAN]
    return f"by ⟦{boolean[0].name}⟧" if len(boolean) == 1 else match[0]


def _is_known(said: str, vocabulary: Vocabulary) -> bool:
    return vocabulary.value(said) is not None or vocabulary.is_name(said)


def _said(
    words: str, match: re.Match[str], state: _State, vocabulary: Vocabulary, *, so: bool
) -> str:
    ref = _holder(words, state, vocabulary)
    before, after = words[: match.start()], words[match.end() :]
    turned = _BEFORE.search(before) is not None
    bare = match["word"].lower() in state.bare
    if ref is None and turned and so:
        held = [word for word in sorted(state.columns) if vocabulary.value(word) is not None]
        return f"{before}{held[0]}{after}" if held else words
    if ref is None or (turned and not so) or (bare and not turned):
        return words
    if not so:
        said = f"not ⟦{ref.name}⟧" if ref.role is Role.BOOLEAN else f"⟦{ref.name}⟧ empty"
    elif ref.role is Role.BOOLEAN or turned:
        said = f"⟦{ref.name}⟧"
    elif _TIMED.search(f"{before} {after}"):
        return words
    else:
        said = f"⟦{ref.name}⟧ filled in"
    return f"{before}{said}{_without_again(after, ref, state)}"


def _without_again(after: str, ref: Ref, state: _State) -> str:
    """What is left behind "didn't pay" where the column is that of "the deposit"."""
    for part in _about(_own(ref), state.columns):
        after = re.sub(
            rf"^\s+(?:(?:the|a|an|any|all|their|his|her|its)\s+)?{re.escape(part)}\w*",
            "",
            after,
            count=1,
        )
    return after


def _holder(words: str, state: _State, vocabulary: Vocabulary) -> Ref | None:
    """The column that says it: one for yes and no before a day that may be empty; None for several."""
    found = [ref for ref in vocabulary.refs if state.columns & {*ref.words} and _may_hold(ref)]
    found = [ref for ref in found if ref.file.path == found[0].file.path]
    found = [ref for ref in found if ref.role is Role.BOOLEAN] or found
    said = words.lower().split()
    named = [ref for ref in found if _is_about(_own(ref), state.columns, said)]
    plainest = [ref for ref in found if len({*ref.words} - _SMALL) == 1]
    for pool in (named, plainest, found):
        if len(pool) == 1:
            return pool[0]
    return None


_SMALL: Final = frozenset(["on", "at", "date", "dt", "up", "is", "has", "day", "d"])


def _may_hold(ref: Ref) -> bool:
    if ref.role is Role.BOOLEAN:
        return True
    return ref.role is Role.DATE and bool(ref.column.nulls)


def _is_about(own: Sequence[str], columns: Iterable[str], said: Sequence[str]) -> bool:
    """ "dep_pd" where a deposit is spoken of."""
    return any(word.startswith(part) for part in _about(own, columns) for word in said)


def _own(ref: Ref) -> tuple[str, ...]:
    """The words of the name as they are written: "dep" may be short for more than one thing."""
    return (*ref.words, *plain(ref.name).split())


def _about(own: Sequence[str], columns: Iterable[str]) -> list[str]:
    return [word for word in own if word not in {*columns} | _SMALL and len(word) > 2]
