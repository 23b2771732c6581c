"""Which tools a request needs by what past plans and descriptions say, and how much each counts. Pure.

How much is settled on the past itself: every plan of a sample is predicted without its own request.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import product

Groups = Mapping[frozenset[str], float]
"""How likely whole sets of tools are that were planned before."""

_LEARNED = (1.0, 0.5, 0.0)
_DESCRIBED = (1.5, 0.6, 3.0)
_POWERS = (5, 2, 1, 0)
_BETTER = 0.002
_FEW = 30
"""With fewer plans than this the past says too little about itself."""
_LIKELY = 0.4
_PLANNED = 0.3
"""What it adds that a set was planned before; by cross-validation on past plans."""
_SHARE, _NOISE = 0.9, 0.1
_LONGEST, _MOST = 5, 8


@dataclass(frozen=True)
class Backing:
    """`learned` scales what the past says; what descriptions say counts more the stranger the request.

    `strangeness`: the power of 1 - likeness of the nearest past request. `shortest`: how many tools
    a plan has at least, nearly always.
    """

    learned: float = 1.0
    weight: float = 1.5
    strangeness: int = 5
    shortest: float = 1.0

    def described(self, strange: float) -> float:
        """What a tool gains that the descriptions alone would choose."""
        return float(self.weight * max(0.0, strange) ** self.strangeness)


@dataclass(frozen=True)
class Example:
    """A past plan, predicted without its own request. Scores of the likeliest, best first."""

    right: Set[str]
    described: Sequence[str]
    learned: Mapping[str, float]
    groups: Groups
    strange: float


def settle(examples: Iterable[Example]) -> Backing:
    """The figures under which the past plans would have been predicted best."""
    known = list(examples)
    shortest = _shortest([len(example.right) for example in known])
    if len(known) < _FEW:
        return Backing(weight=3.0, strangeness=1, shortest=shortest)
    best = Backing(shortest=shortest)
    most = _quality(best, known)
    for learned, weight, power in product(_LEARNED, _DESCRIBED, _POWERS):
        backing = Backing(learned, weight, power, shortest)
        quality = _quality(backing, known)
        if quality > most + _BETTER:
            best, most = backing, quality
    alone = sum(f1(set(example.described), example.right) for example in known) / len(known)
    return best if most > alone else Backing(0.0, 3.0, 0, shortest)


def choose(
    scores: Mapping[str, float], groups: Groups, described: Sequence[str], backing: Backing
) -> list[str]:
    """The set of tools whose F1 is expected to be best; sets that were planned before gain.

    `scores` has the likeliest tools, best first.
    """
    if not backing.learned:
        return list(described) or list(scores)[:1]
    likely = {name: min(1.0, max(0.0, score)) for name, score in scores.items()}
    worth = _sets(likely, groups, max(_LONGEST, len(described)))
    total = sum(score for score in likely.values() if score > _NOISE)
    total = max(backing.shortest, _SHARE * total)

    def value(names: frozenset[str]) -> float:
        return 2 * sum(likely[name] for name in names) / (len(names) + total) + worth[names]

    best = max(worth, key=value)
    return [name for name in likely if name in best][:_MOST]


def _sets(likely: Mapping[str, float], groups: Groups, longest: int) -> dict[frozenset[str], float]:
    """The sets that are weighed, each with what it gains where it was planned before."""
    order = list(likely)
    worth = {frozenset(order[:count]): 0.0 for count in range(1, longest + 1)}
    worth[frozenset([name for name in order if likely[name] > _LIKELY] or order[:1])] = 0.0
    for group, score in groups.items():
        if group <= likely.keys():
            worth[group] = _PLANNED * score
    return worth


def f1(found: Set[str], right: Set[str]) -> float:
    """How well two sets agree, 0 to 1."""
    return 2 * len(found & right) / ((len(found) + len(right)) or 1)


def _shortest(lengths: Sequence[int]) -> float:
    """The length that 19 in 20 plans have at least."""
    return float(sorted(lengths)[len(lengths) // 20]) if lengths else 1.0


def _quality(backing: Backing, examples: Sequence[Example]) -> float:
    """Mean F1 of the tools."""
    return sum(_f1(backing, example) for example in examples) / max(1, len(examples))


def _f1(backing: Backing, example: Example) -> float:
    gain = backing.described(example.strange)
    described = set(example.described)
    scores = {
        name: backing.learned * score + (gain if name in described else 0.0)
        for name, score in example.learned.items()
    }
    ranked = dict(sorted(scores.items(), key=lambda entry: -entry[1]))
    groups = {group: backing.learned * score for group, score in example.groups.items()}
    return f1(set(choose(ranked, groups, example.described, backing)), example.right)
