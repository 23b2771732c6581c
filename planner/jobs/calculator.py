"""Arithmetic as people write it, worked out exactly. Pure; a closed grammar with caps."""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal, DecimalException, localcontext
from typing import Final

from memory.model.patterns import short
from planner.lexicon.words import NUMBERS

DIGITS: Final = 50
"""What is reckoned with; a result is shown with the digits it has, 12 after the point at most."""
SHOWN: Final = 12
MOST_CHARS: Final = 300
MOST_POWER: Final = 1_000

_SMALLEST: Final = Decimal("1e-9")
_LARGEST: Final = Decimal("1e30")
_CONTEXT: Final = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)
_AMOUNT: Final = r"[$€£]?\s?\d[\d,]*(?:\.\d+)?(?:\s?(?:k|m|bn|thousand|million|billion)\b)?"
_N: Final = rf"[-+]?{_AMOUNT}"
_SCALES: Final = {"k": 3, "thousand": 3, "m": 6, "million": 6, "bn": 9, "billion": 9}
_WORDS: Final[tuple[tuple[str, str], ...]] = (
    (r"\bsquare root of\b|\bsqrt\b|√", " sqrt "),
    (r"\b(?:to the power of|raised to)\b", "**"),
    (r"\bsquared\b", "**2"), (r"\bcubed\b", "**3"),
    (r"\b(?:multiplied by|times)\b|[×·∙]|(?<=\d)\s+x\s+(?=\d)", "*"),
    (r"\b(?:divided by|over)\b|÷|:(?=\s*\d)", "/"),
    (r"\b(?:modulo|mod)\b", "@"),
    (r"\b(?:an? |one )?half of\b", "1/2 of"), (r"\b(?:an? )?third of\b", "1/3 of"), (r"\b(?:an? )?quarter of\b", "1/4 of"),
    (r"\bthirds of\b", "/3 of"), (r"\bquarters of\b", "/4 of"), (r"\bfifths? of\b", "/5 of"), (r"\btenths? of\b", "/10 of"),
    (r"\bplus\b|\badded to\b", "+"), (r"\bminus\b|[−–]", "-"),
    (r"\^", "**"),
)  # fmt: skip
_FOREIGN: Final[tuple[tuple[str, str], ...]] = (
    (r"\bgeteilt durch\b|\bdivisé par\b|\bdividido (?:por|entre)\b", "/"),
    (r"(?<=\d)\s+(?:mal|fois|por)\s+(?=\d)", "*"),
    (r"\bprozent\b|\bpour ?cent\b|\bpor ciento\b", "%"),
    (r"\b(?:mwst|mehrwertsteuer|umsatzsteuer|ust|tva|iva)\b\.?", "vat"),
    (r"\b(?:trinkgeld|pourboire|propina)\b", "tip"),
    (r"\b(?:rabatt|skonto|remise|réduction|descuento)\b", "discount"),
    (r"(?<=%|t)\s+(?:von|vom|auf|de|du|sur|sobre|del)\s+(?=[\d$€£])", " of "),
    (r"\bgerundet auf\b|\barrondi à\b|\bredondeado a\b", "rounded to"),
)
"""Sums in other languages, where a dot parts thousands and a comma begins a fraction."""
_CURRENCY: Final = re.compile(r"(?<=\d)\s?(?:€|euros?|eur|dollars?|usd|pounds?|chf|francs?)(?!\w)")
_ROUNDED: Final = short(
    r"(?P<what>.+?)[, ]+(?:rounded|round)(?: it| that)?(?: off)? to (?:(?P<n>\d{1,2}|one|two|three|four)(?: decimals?)?(?: (?:places?|digits?|decimals?|points?))?"
    r"|(?:the )?(?:nearest |closest )?(?:a )?(?P<unit>whole numbers?|integer|cents?|dollar|euro|10|100|1000|ten|hundred|thousand))",
    most=400,
)
_UNITS: Final = {"cent": 2, "cents": 2, "10": -1, "ten": -1, "100": -2, "hundred": -2, "1000": -3, "thousand": -3}  # fmt: skip
_PERCENT_SIGN: Final = r"(?:%|percent|per cent|pct)"
_PERCENT: Final = rf"\s?{_PERCENT_SIGN}"
_LEVY: Final = "(?:vat|tax|tip|discount|commission|interest|service|service charge|fee|rebate|gst)"
_OPERATORS: Final[Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.MatMult: operator.mod,
}  # fmt: skip


class CannotReckon(ValueError):
    """It's arithmetic, but it has no result; the text says why, in a sentence."""


def reckoned(words: str) -> Decimal | None:
    """The value of the words; None where they aren't arithmetic with at least one operation.

    Raises CannotReckon, as for a division by zero.
    """
    if len(words) > MOST_CHARS or not re.search(
        r"\d|\b(?:" + "|".join(NUMBERS) + r")\b", words, re.I
    ):
        return None
    known = _known(words.casefold())
    rounded = _ROUNDED.fullmatch(known)
    if rounded is None:
        return _value_of(_plain(known))
    value = _value_of(_plain(rounded["what"]))
    return None if value is None else _to_places(value, rounded)


def _value_of(plain: str) -> Decimal | None:
    """The value of a share, a levy or an expression."""
    for pattern, build in _PERCENTAGES:
        match = re.fullmatch(pattern, plain)
        if match:
            return _exactly(lambda match=match, build=build: build(*map(_number, match.groups())))  # type: ignore[misc]  # bound now
    levied = re.fullmatch(
        rf"([^%]+?) (\+|-|and|with|incl\.?|including|less) ({_N}){_PERCENT}(?: {_LEVY})?", plain
    )
    base = _expression(levied[1]) if levied else None
    if levied is None or base is None:
        return _expression(plain)
    share = _number(levied[3]) / 100
    return _exactly(lambda: base * (1 - share if levied[2] in {"-", "less"} else 1 + share))


def number_in(words: str) -> Decimal | None:
    """A single number as written: "1,200.50", "€3k", "twelve"; None for anything else."""
    low = _known(words.casefold()).strip()
    if low in NUMBERS:
        return Decimal(NUMBERS[low])
    return _number(low) if re.fullmatch(_N, low) else None


def shown(value: Decimal) -> str:
    """The number as people write it: 1,234.5; very large and small ones with an exponent."""
    if value and not _SMALLEST <= abs(value) < _LARGEST:
        return f"{value.normalize(Context(prec=SHOWN)):g}"
    digits = f"{_cut(value):,f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def is_rounded(value: Decimal) -> bool:
    """Whether `shown` leaves digits out."""
    return bool(value) and (not _SMALLEST <= abs(value) < _LARGEST or value != _cut(value))


def _cut(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-SHOWN), context=_CONTEXT)


def _known(words: str) -> str:
    """The sum in English, its numbers with a point before their fractions."""
    plain = words
    for pattern, mark in _FOREIGN:
        plain = re.sub(pattern, mark, plain)
    if plain != words:
        plain = re.sub(r"(?<=\d)\.(?=\d{3}(?!\d))", "", plain)
    plain = re.sub(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+),(\d+)(?![\d,])", _in_points, plain)
    plain = re.sub(r"(?<![\d.,])(\d+),(\d{1,2}|\d{4,})(?![\d,])", r"\1.\2", plain)
    return _CURRENCY.sub("", plain)


def _in_points(match: re.Match[str]) -> str:
    return f"{match[1].replace('.', '')}.{match[2]}"


def _to_places(value: Decimal, match: re.Match[str]) -> Decimal:
    """The value rounded as is said."""
    said = match["n"] or ""
    places = int(NUMBERS.get(said, said)) if said else _UNITS.get(match["unit"], 0)
    return _exactly(lambda: value.quantize(Decimal(1).scaleb(-places), context=_CONTEXT) + 0)


def _plain(words: str) -> str:
    plain = words
    for pattern, mark in _WORDS:
        plain = re.sub(pattern, f" {mark} ", plain)
    names = "|".join(sorted(NUMBERS, key=len, reverse=True))
    plain = re.sub(rf"\b(?:{names})\b", lambda match: str(NUMBERS[match[0]]), plain)
    return " ".join(plain.split())


def _number(words: str) -> Decimal:
    match = re.fullmatch(r"([-+]?)[$€£]?\s?([\d,]+(?:\.\d+)?)\s?([a-z]*)", words.strip())
    assert match is not None
    return Decimal(f"{match[1]}{match[2].replace(',', '')}").scaleb(_SCALES.get(match[3], 0))


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return 100 * part / whole


_PERCENTAGES: Final[tuple[tuple[str, Callable[..., Decimal]], ...]] = (
    (rf"({_N}){_PERCENT}(?: {_LEVY})? (?:of|from|on|for) ({_N})", lambda p, n: p * n / 100),
    (rf"(?:share|split|divide) ({_N}) (?:by|between|among|into|in) ({_N})(?: people| ways| parts| of us)?",
     lambda n, parts: n / parts),
    (rf"(?:share|split|divide) ({_N}) (?:by|between|among|into|in) ({_N})(?: people| ways| parts| of us)? (?:with|plus|and|including|incl\.?)(?: an?)? ({_N}){_PERCENT}(?: {_LEVY})?",
     lambda n, parts, p: n * (1 + p / 100) / parts),
    (rf"({_N}) (?:shared|split|divided) (?:by|between|among|into|in) ({_N})(?: people| ways| parts| of us)?",
     lambda n, parts: n / parts),
    (rf"add ({_N}){_PERCENT}(?: {_LEVY})? (?:to|on to|onto) ({_N})", lambda p, n: n + p * n / 100),
    (rf"({_N})\s?/\s?({_N}) of ({_N})", lambda above, below, n: above * n / below),
    (rf"({_N}){_PERCENT} (?:off|less than|discount on|below) ({_N})", lambda p, n: n - p * n / 100),
    (rf"({_N}){_PERCENT} (?:{_LEVY} )?(?:on top of|more than|above|added to|added onto) ({_N})",
     lambda p, n: n + p * n / 100),
    (rf"(?:add )?({_N}) (?:\+|and|with|incl\.?|including) ({_N}){_PERCENT}(?: {_LEVY})?",
     lambda n, p: n + p * n / 100),
    (rf"({_N}) (?:-|less) ({_N}){_PERCENT}(?: discount)?", lambda n, p: n - p * n / 100),
    (rf"({_N})(?: is)? (?:what|how many|which){_PERCENT}(?:age)? (?:of|is it of) ({_N})", _share),
    (rf"(?:what|how many|which){_PERCENT}(?:age)? of ({_N}) is ({_N})", lambda n, p: _share(p, n)),
    (rf"({_N}) (?:as|in) (?:a )?(?:percent|percentage|%) of ({_N})", _share),
    (rf"(?:the )?(?:percent(?:age)? )?(?:change|increase|growth|difference) from ({_N}) to ({_N})(?: in %| in percent)?",
     lambda a, b: 100 * (b - a) / a),
    (rf"({_N}) (?:without|excluding|excl\.?|before|net of) ({_N}){_PERCENT}(?: {_LEVY})?",
     lambda n, p: n / (1 + p / 100)),
)  # fmt: skip
PERCENT_RESULT: Final = re.compile(r"\b(?:what|how many|which)(?: %| percent)|(?:change|increase|growth|difference) from|(?:as|in) (?:a )?(?:%|percent)", re.I)  # fmt: skip
"""Words whose result is a percentage."""


def _expression(plain: str) -> Decimal | None:
    """The value of an expression: numbers become names, so that none goes through a float."""
    numbers: list[Decimal] = []

    def name(match: re.Match[str]) -> str:
        numbers.append(_number(match[0]))
        return f" n{len(numbers) - 1} "

    marked = re.sub(_AMOUNT, name, plain)
    marked = re.sub(rf"(n\d+)\s*{_PERCENT_SIGN}(?!\w|\s*n)", r"(\1*percent)", marked)
    marked = re.sub(r"\bsqrt\s*\(?\s*(-?\s*n\d+)\s*\)?", r"((\1)**half)", marked)
    rest = re.sub(r"n\d+|percent|half", "", marked)
    if re.search(r"[^\s+\-*/@()]", rest) or not re.search(r"[+\-*/@]", marked.strip(" +-")):
        return None
    try:
        tree = ast.parse(marked.strip(), mode="eval")
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        return None
    known = {f"n{place}": number for place, number in enumerate(numbers)}
    known |= {"percent": Decimal("0.01"), "half": Decimal("0.5")}
    return _exactly(lambda: _value(tree.body, known))


def _exactly(work: Callable[[], Decimal]) -> Decimal:
    with localcontext(_CONTEXT):
        try:
            value = work()
        except ZeroDivisionError as error:
            raise CannotReckon("Nothing can be divided by zero.") from error
        except DecimalException as error:
            raise CannotReckon("That number is too large or has no value.") from error
    if not value.is_finite():
        raise CannotReckon("That number is too large or has no value.")
    return value


def _value(node: ast.expr, known: Mapping[str, Decimal]) -> Decimal:
    match node:
        case ast.Name(id=name) if name in known:
            return known[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, known)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand, known)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            base, power = _value(left, known), _value(right, known)
            if abs(power) > MOST_POWER:
                raise CannotReckon("That number is too large or has no value.")
            return base**power
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            left_value, right_value = _value(left, known), _value(right, known)
            if right_value == 0 and isinstance(op, ast.Div | ast.MatMult):
                raise CannotReckon("Nothing can be divided by zero.")
            return _OPERATORS[type(op)](left_value, right_value)
        case _:
            raise CannotReckon("I can add, subtract, multiply, divide and raise to a power.")
