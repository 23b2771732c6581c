"""Answers in words matched to the questions they answer: any order, numbers, options. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from bot.language.replies import hedges
from bot.language.words import untrusted
from memory.model.text import Sentence, sentence
from memory.model.work.question import StoredQuestion

Answers = dict[str, str]
"""Values by question id."""

_PATH: Final = re.compile(r"[\w./-]+\.\w{2,5}")
_ANEW: Final = re.compile(
    r"(?:(?:don'?t|do not|never) overwrite[^,;]{0,40}|(?:in |into |to |as )?(?:an? )?(?:new|separate|different|another) "
    r"(?:file|one|copy)|(?:keep|leave) the (?:original|old)[^,;]{0,40}|and\b|please|just|no\b|but\b|[\s,;.!])+",
    re.IGNORECASE,
)
"""Any file but the one that is there."""
ANSWER_CHARS: Final = 2_000
OPTIONS_NAMED: Final = 6
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
        hit = _numbered(piece, questions, exact=True) or _option_of(piece, _open(questions, found))
        if hit is None or hit[0] in found:
            return {}
        found.update([hit])
    return found


_TOO_LONG: Final = sentence(
    "That's a long answer; say it in a few words, or press one of the buttons."
)


def match(text: str, questions: Sequence[StoredQuestion]) -> Matched:
    """The answers in free words, and what is wrong with those that are none."""
    left = _open(questions)
    if len(text) > ANSWER_CHARS:
        return Matched(remarks=(_TOO_LONG,))
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
        hit = _numbered(piece, questions, exact=False) or _option_of(piece, _open(questions, found))
        if hit is None or hit[0] in found:
            loose.append(piece)
        else:
            found.update([hit])
    rest = _open(questions, found)
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
    if _is_anew(value, question):
        return question.default
    place = hedges.place(value)
    if place is not None and question.options:
        return _option_at(place, question.options)
    by_plain = _known(question)
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


def _option_at(place: int, options: Sequence[str]) -> str | None:
    index = place % len(options) if place == LAST else place
    return options[index] if 0 <= index < len(options) else None


def _is_anew(value: str, question: StoredQuestion) -> bool:
    """Whether any file will do that isn't there yet, and one was offered."""
    return bool(_PATH.fullmatch(question.default) and _ANEW.fullmatch(value.replace("’", "'")))


def _known(question: StoredQuestion) -> dict[str, str]:
    """Every answer that is known of the question by its plain words; the first of those alike."""
    known = tuple(dict.fromkeys((*question.options, question.default, *(question.accepts or ()))))
    return {_plain(value): value for value in reversed(known) if value}


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


def _open(questions: Sequence[StoredQuestion], found: Collection[str] = ()) -> list[StoredQuestion]:
    """The questions that are open, but for those whose answer was just found."""
    return [question for question in questions if question.open and question.id not in found]


def _pieces(text: str) -> list[str]:
    return [piece for piece in (part.strip() for part in _PIECES.split(text)) if piece]


def _answered_before(piece: str, questions: Sequence[StoredQuestion]) -> Sentence | None:
    """A sentence where the piece answers, by number, what is answered already."""
    question, _ = _by_number(piece, questions)
    return None if question is None or question.open else already(question)


def _by_number(
    piece: str, questions: Sequence[StoredQuestion]
) -> tuple[StoredQuestion | None, str]:
    """The question whose number stands first, and what is said to it."""
    found = _LETTERED.match(piece) or _NUMBERED.match(piece)
    if found is None or not 0 < int(found[1]) <= len(questions):
        return None, ""
    return questions[int(found[1]) - 1], found[2]


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
    return hits[0] if hits else _option_begun(wanted, questions)


def _option_begun(wanted: str, questions: Sequence[StoredQuestion]) -> tuple[str, str] | None:
    """The only option that begins with these plain words."""
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
    question, said = _by_number(piece, questions)
    if question is None or not question.open:
        return None
    if _plain(said) in {"default", "the default"}:
        return question.id, question.default
    known = _option_of(said, [question]) or _by_letter(said, question)
    if known is not None:
        return known
    return None if exact else (question.id, said.strip())


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
