"""Answers in words matched to the questions they answer: any order, numbers, options. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from bot.language.replies import hedges
from bot.language.words import untrusted
from memory.model.text import Sentence, sentence
from memory.model.work.question import StoredQuestion

Answers = dict[str, str]
"""Values by question id."""

ANSWER_CHARS: Final = 2_000
OPTIONS_NAMED: Final = 12
LAST: Final = -1
ALIKE: Final = 0.8
"""How alike a slip and an option must be to be the same word."""

_PIECES: Final = re.compile(r"\s*(?:[,;\n]|\band\b)\s*", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"^(\d)\s*(?:[.):=-]\s*|\s+)(\S.*)$", re.DOTALL)
_LETTERED: Final = re.compile(r"^(\d)\s*([a-f])$", re.IGNORECASE)
SAME: Final = 0.88
"""The same where any words would do as an answer."""


@dataclass(frozen=True)
class Matched:
    """The answers found, and a sentence for each thing that was no answer."""

    answers: Answers = field(default_factory=dict)
    remarks: tuple[Sentence, ...] = ()


def chosen(text: str, questions: Sequence[StoredQuestion]) -> Answers:
    """The answers if the words are nothing but options of open questions; else nothing."""
    whole = _option_of(text, _open(questions))
    if whole is not None:
        return dict([whole])
    found: Answers = {}
    for piece in _pieces(text):
        left = [question for question in _open(questions) if question.id not in found]
        hit = _numbered(piece, questions, exact=True) or _option_of(piece, left)
        if hit is None or hit[0] in found:
            return {}
        found.update([hit])
    return found


def match(text: str, questions: Sequence[StoredQuestion]) -> Matched:
    """The answers in free words, and what is wrong with those that are none."""
    left = _open(questions)
    if len(text) > ANSWER_CHARS:
        return Matched(
            remarks=(
                sentence(
                    "That's a long answer; say it in a few words, or press one of the buttons."
                ),
            )
        )
    if len(left) == 1 and not _names_other(text, questions, left[0]):
        return _checked({left[0].id: _value(text, left[0], questions)}, questions)
    found: Answers = {}
    loose: list[str] = []
    late: list[Sentence] = []
    for piece in _pieces(text):
        closed = _answered_before(piece, questions)
        if closed:
            late.append(closed)
            continue
        open_now = [question for question in left if question.id not in found]
        hit = _numbered(piece, questions, exact=False) or _option_of(piece, open_now)
        if hit is None or hit[0] in found:
            loose.append(piece)
        else:
            found.update([hit])
    rest = [question for question in left if question.id not in found]
    if loose and len(loose) != len(rest):
        return Matched(remarks=(_how(left),))
    found.update({question.id: piece for question, piece in zip(rest, loose, strict=False)})
    if not found and not late:
        return Matched(remarks=(_how(left),))
    return _checked(found, questions, late)


def fitting(value: str, question: StoredQuestion) -> str | None:
    """The answer as it counts: an option, another value that is known, or, where any words will
    do, the words. None where the question is closed and this is not among its answers.
    """
    place = hedges.place(value)
    if place is not None and question.options:
        index = place % len(question.options) if place == LAST else place
        return question.options[index] if 0 <= index < len(question.options) else None
    known = tuple(dict.fromkeys((*question.options, question.default, *(question.accepts or ()))))
    by_plain = {_plain(value): value for value in reversed(known) if value}
    said = [
        _plain(value),
        _plain(hedges.bare(value)),
        _plain(hedges.without_article(hedges.bare(value))),
    ]
    hit = next((by_plain[words] for words in said if words in by_plain), None)
    if hit is not None:
        return hit
    is_open = question.accepts is None
    near = get_close_matches(said[-1], by_plain, n=2, cutoff=SAME if is_open else ALIKE)
    if len(near) == 1:
        return by_plain[near[0]]
    return value.strip() if is_open else None


def not_among(value: str, question: StoredQuestion) -> Sentence:
    """The sentence for an answer that a closed question does not have."""
    names = tuple(dict.fromkeys((*question.options, *(question.accepts or ()))))
    return sentence(
        "“{value}” isn't an answer to “{question}”. Choose one of {options}; say `run` for {default}, "
        "or `drop` to ask for something else.",
        value=untrusted(value, 60),
        question=untrusted(question.text, 200),
        options=", ".join(untrusted(name, 60) for name in names[:OPTIONS_NAMED]),
        default=untrusted(question.default, 60),
    )


def _checked(
    found: Answers, questions: Sequence[StoredQuestion], late: Sequence[Sentence] = ()
) -> Matched:
    by_id = {question.id: question for question in questions}
    fit = {key: fitting(value, by_id[key]) for key, value in found.items()}
    wrong = [not_among(found[key], by_id[key]) for key, value in fit.items() if value is None]
    good = {key: value for key, value in fit.items() if value is not None}
    return Matched(good, (*wrong, *late))


def _open(questions: Sequence[StoredQuestion]) -> list[StoredQuestion]:
    return [question for question in questions if question.open]


def _pieces(text: str) -> list[str]:
    return [piece for piece in (part.strip() for part in _PIECES.split(text)) if piece]


def _answered_before(piece: str, questions: Sequence[StoredQuestion]) -> Sentence | None:
    """A sentence where the piece answers, by number, what is answered already."""
    found = _NUMBERED.match(piece) or _LETTERED.match(piece)
    if found is None or not 0 < int(found[1]) <= len(questions):
        return None
    question = questions[int(found[1]) - 1]
    return None if question.open else already(question)


def already(question: StoredQuestion) -> Sentence:
    """The sentence for a question that needs no answer any more."""
    return sentence(
        "“{question}” is already answered: {answer}. Say `drop` to start over.",
        question=untrusted(question.text, 200),
        answer=untrusted(question.answer, 100),
    )


def _option_of(text: str, questions: Sequence[StoredQuestion]) -> tuple[str, str] | None:
    """The one open question that has this option."""
    wanted = _plain(text)
    hits = [
        (question.id, option)
        for question in questions
        for option in dict.fromkeys((*question.options, question.default))
        if option and _plain(option) == wanted
    ]
    if hits:
        return hits[0]
    near = [
        (question.id, option)
        for question in questions
        for option in question.options
        if len(wanted) >= 3 and _plain(option).startswith(wanted)
    ]
    return near[0] if len(near) == 1 else None


def _numbered(
    piece: str, questions: Sequence[StoredQuestion], *, exact: bool
) -> tuple[str, str] | None:
    """`1 managers`, `2: draft` or `1b`, and a lone number as an option of the only question."""
    left = _open(questions)
    if piece.isdecimal() and len(left) == 1 and 0 < int(piece) <= len(left[0].options):
        return left[0].id, left[0].options[int(piece) - 1]
    found = _LETTERED.match(piece) or _NUMBERED.match(piece)
    if found is None or not 0 < int(found[1]) <= len(questions):
        return None
    question = questions[int(found[1]) - 1]
    if not question.open:
        return None
    if _plain(found[2]) in {"default", "the default"}:
        return question.id, question.default
    known = _option_of(found[2], [question]) or _by_letter(found[2], question)
    if known is not None:
        return known
    return None if exact else (question.id, found[2].strip())


def _by_letter(text: str, question: StoredQuestion) -> tuple[str, str] | None:
    """The option behind `b` or `2`."""
    place = _plain(text)
    if len(place) != 1:
        return None
    index = int(place) - 1 if place.isdecimal() else ord(place) - ord("a")
    return (question.id, question.options[index]) if 0 <= index < len(question.options) else None


def _names_other(text: str, questions: Sequence[StoredQuestion], only: StoredQuestion) -> bool:
    found = _NUMBERED.match(text)
    return (
        found is not None
        and 0 < int(found[1]) <= len(questions)
        and questions[int(found[1]) - 1].id != only.id
        and len(questions) > 1
    )


def _value(text: str, question: StoredQuestion, questions: Sequence[StoredQuestion]) -> str:
    if _plain(text) in {"default", "the default"}:
        return question.default
    hit = _numbered(text, questions, exact=len(questions) == 1)
    if hit is None:
        hit = _option_of(text, [question])
    if hit is None and len(question.options) > 1 and len(text.strip()) == 1:
        hit = _by_letter(text, question)
    return hit[1] if hit is not None and hit[0] == question.id else text.strip()


def _how(left: Sequence[StoredQuestion]) -> Sentence:
    example = ", ".join(
        f"{number} {question.options[0] if question.options else '…'}"
        for number, question in enumerate(left, 1)
    )
    return sentence(
        "I couldn't tell which answer belongs to which question. Say it like `{example}`, press the "
        "buttons, say `run` to take the defaults, or `drop` to ask for something else.",
        example=example,
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .!`'\"*“”")
