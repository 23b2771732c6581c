"""Answers in words matched to the questions they answer: any order, numbers, options. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from memory.store.questions import StoredQuestion

Answers = dict[str, str]
"""Values by question id."""

ANSWER_CHARS: Final = 2_000
_PIECES: Final = re.compile(r"\s*(?:[,;\n]|\band\b)\s*", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"^(\d)\s*(?:[.):=-]\s*|\s+)(\S.*)$", re.DOTALL)


def chosen(text: str, questions: Sequence[StoredQuestion]) -> Answers:
    """The answers if the words are nothing but options of open questions; else nothing."""
    whole = _option_of(text, _open(questions))
    if whole is not None:
        return dict([whole])
    found: Answers = {}
    for piece in _pieces(text):
        left = [one for one in _open(questions) if one.id not in found]
        hit = _numbered(piece, questions, exact=True) or _option_of(piece, left)
        if hit is None or hit[0] in found:
            return {}
        found.update([hit])
    return found


def match(text: str, questions: Sequence[StoredQuestion]) -> Answers | str:
    """The answers in free words, or a sentence saying how to answer."""
    left = _open(questions)
    if len(text) > ANSWER_CHARS:
        return "That is a long answer; say it in a few words, or press one of the buttons."
    if len(left) == 1 and not _names_other(text, questions, left[0]):
        return {left[0].id: _value(text, left[0], questions)}
    found: Answers = {}
    loose: list[str] = []
    for piece in _pieces(text):
        open_now = [one for one in left if one.id not in found]
        hit = _numbered(piece, questions, exact=False) or _option_of(piece, open_now)
        if hit is None or hit[0] in found:
            loose.append(piece)
        else:
            found.update([hit])
    rest = [one for one in left if one.id not in found]
    if loose and len(loose) != len(rest):
        return _how(left)
    found.update({one.id: piece for one, piece in zip(rest, loose, strict=False)})
    return found or _how(left)


def _open(questions: Sequence[StoredQuestion]) -> list[StoredQuestion]:
    return [one for one in questions if one.open]


def _pieces(text: str) -> list[str]:
    return [piece for piece in (part.strip() for part in _PIECES.split(text)) if piece]


def _option_of(text: str, questions: Sequence[StoredQuestion]) -> tuple[str, str] | None:
    """The one open question that has this option."""
    wanted = _plain(text)
    hits = [
        (one.id, option)
        for one in questions
        for option in dict.fromkeys((*one.options, one.default))
        if option and _plain(option) == wanted
    ]
    if hits:
        return hits[0]
    near = [
        (one.id, option)
        for one in questions
        for option in one.options
        if len(wanted) >= 3 and _plain(option).startswith(wanted)
    ]
    return near[0] if len(near) == 1 else None


def _numbered(
    piece: str, questions: Sequence[StoredQuestion], *, exact: bool
) -> tuple[str, str] | None:
    """`1 managers` or `2: draft`, and a lone number as an option of the only question."""
    left = _open(questions)
    if piece.isdecimal() and len(left) == 1 and 0 < int(piece) <= len(left[0].options):
        return left[0].id, left[0].options[int(piece) - 1]
    found = _NUMBERED.match(piece)
    if found is None or not 0 < int(found[1]) <= len(questions):
        return None
    question = questions[int(found[1]) - 1]
    if not question.open:
        return None
    if _plain(found[2]) in {"default", "the default"}:
        return question.id, question.default
    known = _option_of(found[2], [question])
    if known is not None:
        return known
    return None if exact else (question.id, found[2].strip())


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
    return hit[1] if hit is not None and hit[0] == question.id else text.strip()


def _how(left: Sequence[StoredQuestion]) -> str:
    example = ", ".join(
        f"{n} {one.options[0] if one.options else '…'}" for n, one in enumerate(left, 1)
    )
    return (
        "I could not tell which answer belongs to which question; "
        f"say it like `{example}`, press the buttons, or say `run` to take the defaults."
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .!`'\"*“”")
