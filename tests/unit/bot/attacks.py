"""Texts that are hard on a pattern: made of what it reads itself, again and again."""

import re
from collections.abc import Iterator, Sequence

# the one way to read a pattern's parts; the modules have no public name
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

PIECES: tuple[str, ...] = (
    "a", "1", "1 ", "a ", "A", "Ab ", '"', "'", "'a ", '"a ', ",", "1,", "a,", "a, ", "(", "[", "{",
    "((a", "[a](", "1.", "1-", "a-", "a.", "a@", "/a", "/", "\\", "$1 ", "\na", "a\n", "- ", "-", "_",
    "#", "*", "**", "`", "```", "<a", "<", "<@", ">", "=", "a=", "the ", "and ", "not ", "in the ",
    "of ", "a b 1 ", "é", "日", "%", "1% ", "2020-01-01 ", "10:00 ", "I ", "it's ", "x'", ":", "a: ",
    ";", "?", "!", ".", "https://", "www.", "..", "../", "\u2019", "\u201c", "\u2018a ", "\u200b", "…",
)  # fmt: skip
"""What lists, figures, quotations, addresses and orders are made of."""
SPOTS = 120
CHOICES = 40
MANY = 8
_LOOKS = ("a", "1", " ", "-", "\n", '"', "'", "é", "A", ".")
_CLASSES = {
    op.CATEGORY_DIGIT: "1", op.CATEGORY_NOT_DIGIT: "a", op.CATEGORY_SPACE: " ",
    op.CATEGORY_NOT_SPACE: "a", op.CATEGORY_WORD: "a", op.CATEGORY_NOT_WORD: "-",
}  # fmt: skip


def attacks(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Texts of about `length` characters: common pieces and near misses of the pattern, repeated."""
    seen: set[str] = set()
    for text in (*(_filled("", piece, "", length) for piece in PIECES), *_own(pattern, length)):
        if text and text not in seen:
            seen.add(text)
            yield text


def _own(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    tree = parser.parse(pattern.pattern, pattern.flags)
    walk = _Walk()
    for sample in dict.fromkeys(walk.sequence(tree, "", pick) for pick in range(4)):
        for end in range(1, min(len(sample), CHOICES) + 1):
            yield _filled("", sample[:end], "", length)
            yield _filled("", f"{sample[:end]} ", "", length)
        yield _filled("", f"{sample} ", "", length)
    for before, body in sorted(walk.spots)[:SPOTS]:
        yield _filled(before, body, "", length)
        yield _filled(before, body, "\x00", length)
        yield _filled("", f"{body} ", "", length)


def _filled(before: str, body: str, end: str, length: int) -> str:
    if not body:
        return ""
    if not body.strip():  # gaps are cut short at the door
        body = f"{before}{body * MANY}{end or 'x'}"
    return before + body * ((length - len(before)) // len(body)) + end


class _Walk:
    """Writes what a pattern matches; `spots` has what may come again, with what stands before."""

    def __init__(self) -> None:
        self.spots: set[tuple[str, str]] = set()
        self._groups: dict[int | None, str] = {}

    def sequence(self, tree: Any, before: str, pick: int) -> str:
        """One text that the parts match, one after the other; looking around aside."""
        out = ""
        for kind, given in tree:
            out += self._node(kind, given, before + out, pick)
        return out

    def _node(self, kind: Any, given: Any, before: str, pick: int) -> str:
        if kind in {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN}:
            return _character(kind, given)
        if kind is op.BRANCH:
            return self._branch(given[1], before, pick)
        if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
            return self._repeat(*given, before, pick)
        if kind is op.SUBPATTERN:
            self._groups[given[0]] = self.sequence(given[3], before, pick)
            return self._groups[given[0]]
        if kind is op.ATOMIC_GROUP:
            return self.sequence(given, before, pick)
        return self._groups.get(given, "") if kind is op.GROUPREF else ""

    def _branch(self, ways: Sequence[Any], before: str, pick: int) -> str:
        texts = [self.sequence(way, before, pick) for way in ways[:CHOICES]]
        self.spots |= {(before, text) for text in texts if text}
        return texts[pick % len(texts)]

    def _repeat(self, least: int, most: int, tree: Any, before: str, pick: int) -> str:
        if most > MANY:
            bodies = {_Walk().sequence(tree, before, other) for other in range(3)}
            self.spots |= {(before, body) for body in bodies if body}
        body = self.sequence(tree, before, pick)
        return body * max(least, 0 if pick % 2 else min(1, most))


def _character(kind: Any, given: Any) -> str:
    if kind is op.LITERAL:
        return chr(given)
    if kind is op.NOT_LITERAL or kind is op.ANY:
        return "a" if kind is op.ANY or given != ord("a") else "b"
    if given[0][0] is op.NEGATE:
        return next((look for look in _LOOKS if not _is_in(look, given[1:])), "~")
    first, what = given[0]
    if first is op.CATEGORY:
        return _CLASSES[what]
    return chr(what if first is op.LITERAL else what[0])


def _is_in(look: str, items: Sequence[Any]) -> bool:
    return any(
        (kind is op.LITERAL and chr(given) == look)
        or (kind is op.RANGE and given[0] <= ord(look) <= given[1])
        or (kind is op.CATEGORY and _in_class(look, given))
        for kind, given in items
    )


def _in_class(look: str, which: Any) -> bool:
    positive = {
        op.CATEGORY_DIGIT: look.isdigit(), op.CATEGORY_SPACE: look.isspace(),
        op.CATEGORY_WORD: look.isalnum() or look == "_",
    }  # fmt: skip
    negative = {
        op.CATEGORY_NOT_DIGIT: op.CATEGORY_DIGIT, op.CATEGORY_NOT_SPACE: op.CATEGORY_SPACE,
        op.CATEGORY_NOT_WORD: op.CATEGORY_WORD,
    }  # fmt: skip
    return positive[which] if which in positive else not positive[negative[which]]
