"""No pattern of the program takes long over what a message of 40,000 characters may hold."""

import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from bot.chat import GAP, Incoming
from memory.model.identity import Identity, ThreadRef
from memory.model.limits import REQUEST_CHARS
from memory.model.patterns import Short
from tests.unit.bot.attacks import attacks

PACKAGES = ("bot", "planner", "executor", "memory")
MOST_S = 0.05
"""Where the reference takes REFERENCE_S; a slower processor has more, in the same ratio."""
REFERENCE = re.compile(r"\b\w+\s+x")
REFERENCE_TEXT = "a a a a " * 100_000
REFERENCE_S = 0.022
GIVEN_UP_S = 0.3
SCREEN = 4_000
SUSPECT_S = 0.0004
PARTS = 4
DEEP = 4

GAPS = (" ", "\n", "\t", " \n", "\r\n", " \t", "\u00a0", "\u3000")
"""What a message is made of that is nothing but gaps."""


class _GivenUpError(Exception):
    pass


def _ring(*_: object) -> None:
    raise _GivenUpError


@dataclass(frozen=True)
class Known:
    """A pattern of the program: where it stands, how long a text it reads, and how."""

    name: str
    pattern: re.Pattern[str]
    most: int
    how: str


def patterns(value: object, depth: int = 0) -> Iterator[tuple[re.Pattern[str], int]]:
    """Every compiled pattern in a constant, also inside of tuples, tables and our own rows."""
    if isinstance(value, Short):
        yield value.whole, value.most
    elif isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value, REQUEST_CHARS
    elif depth < DEEP:
        for inner in _inside(value):
            yield from patterns(inner, depth + 1)


def _inside(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, tuple | list | set | frozenset):
        yield from value
    elif type(value).__module__.partition(".")[0] in PACKAGES:
        yield from getattr(value, "__dict__", {}).values()


@cache
def every_pattern() -> tuple[Known, ...]:
    """The compiled patterns of all modules, with where they stand."""
    found: dict[tuple[re.Pattern[str], int], Known] = {}
    for root in PACKAGES:
        for module in pkgutil.walk_packages(importlib.import_module(root).__path__, f"{root}."):
            if "migrations" in module.name or module.name.endswith("__main__"):
                continue
            held = importlib.import_module(module.name)
            source = Path(str(held.__file__)).read_text()
            for name, value in vars(held).items():
                how = ways(source, name)
                for pattern, most in patterns(value):
                    known = Known(f"{module.name}.{name}", pattern, most, how)
                    found.setdefault((pattern, most), known)
    return tuple(found.values())


def ways(source: str, name: str) -> str:
    """How a module reads with its pattern: nowhere but from the start, where it says so."""
    used = set(re.findall(rf"\b{name}\.(\w+)\(", source))
    only_here = name.startswith("_") and len(re.findall(rf"\b{name}\b(?!\.\w+\()", source)) == 1
    return used.pop() if only_here and used in ({"match"}, {"fullmatch"}) else "search"


def received(text: str) -> str:
    """The text as it gets past the door."""
    person = Identity(platform="slack", workspace="T1", user_id="U1")
    where = ThreadRef(platform="slack", workspace="T1", channel="C1")
    at = datetime(2026, 3, 2, tzinfo=UTC)
    came = Incoming(event_id="1", kind="message", thread=where, author=person, text=text, at=at)
    return came.without_long_gaps().text


def seconds(pattern: re.Pattern[str], how: str, text: str) -> float:
    """How long reading takes, in time of the processor; the best of three, where it's long."""
    signal.signal(signal.SIGVTALRM, _ring)
    best = 9.0
    for _ in range(3):  # somebody else may have had the processor
        began = time.process_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, GIVEN_UP_S)
        try:
            read(pattern, how, text)
        except _GivenUpError:
            return GIVEN_UP_S
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        best = min(best, time.process_time() - began)
        if best < MOST_S:
            break
    return best


def most_s() -> float:
    """What reading may take on this processor, as fast as it is now."""
    best = 9.0
    for _ in range(3):
        began = time.process_time()
        read(REFERENCE, "search", REFERENCE_TEXT)
        best = min(best, time.process_time() - began)
    return MOST_S * max(1.0, best / REFERENCE_S)


def read(pattern: re.Pattern[str], how: str, text: str) -> None:
    if how == "fullmatch":
        pattern.fullmatch(text)
    elif how == "match":
        pattern.match(text)
    else:
        for _found in pattern.finditer(text):
            pass


def slowest(known: Known) -> tuple[float, str]:
    """The longest that a pattern takes over any attack, and the attack."""
    worst = (0.0, "")
    texts = tuple(attacks(known.pattern, known.most))
    screens = attacks(known.pattern, SCREEN) if known.most > SCREEN else texts
    for short, text in zip(screens, texts, strict=True):
        # What grows by the square shows in a tenth of the text; all else isn't worth the time.
        if known.most > SCREEN and seconds(known.pattern, known.how, short) < SUSPECT_S:
            continue
        worst = max(worst, (seconds(known.pattern, known.how, text), text))
        if worst[0] >= GIVEN_UP_S:
            break
    return worst


def test_long_gaps_are_shortened_and_short_ones_are_left() -> None:
    assert received("a" + " " * 40_000 + "b") == "a" + " " * GAP + "b"
    code = "def f():\n" + " " * 36 + "return 1\n\n\nx"
    assert received(code) == code


def test_no_pattern_takes_long_over_gaps() -> None:
    texts = [received((piece * REQUEST_CHARS)[:REQUEST_CHARS]) for piece in GAPS]
    most = most_s()
    slow = {
        f"{known.name} on {text[:6]!r}": round(took, 3)
        for known in every_pattern()
        for text in texts
        if (took := seconds(known.pattern, known.how, text)) >= most
    }
    assert slow == {}


def test_a_pattern_that_is_slow_is_found() -> None:
    for slow in (r"(?:a+)+b", r"\d+ km", r"“[^”]*”", r"\bsend\b.*\bto\b"):
        assert slowest(Known("slow", re.compile(slow), REQUEST_CHARS, "search"))[0] >= MOST_S
    assert slowest(Known("fast", re.compile(r"\bsend\b"), REQUEST_CHARS, "search"))[0] < MOST_S


@pytest.mark.parametrize("part", range(PARTS))
def test_no_pattern_takes_long_over_what_is_made_to_be_hard_on_it(part: int) -> None:
    every = every_pattern()
    assert len(every) > 500
    found = {known.name: slowest(known) for known in every[part::PARTS]}
    most = most_s()
    slow = {name: (took, text[:60]) for name, (took, text) in found.items() if took >= most}
    assert slow == {}
