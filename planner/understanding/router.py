"""What was said, into one of the things a person can mean. Without a model, in a few milliseconds.

The words are compared with every verb's phrasings, and the likeliest verb is taken where that is
likely enough. Otherwise the likeliest ones are named, so that the person can be asked.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import structlog

from memory.recall.port import Embedder, ModelTrouble
from planner.understanding.arguments import arguments, missing
from planner.understanding.classifier import Weights, chances, features, possible
from planner.understanding.evidence import evidence
from planner.understanding.kinds import Probe
from planner.understanding.retrieval import Floats, Phrasings
from planner.understanding.spoken import spoken
from planner.understanding.utterance import (
    Answer,
    Arguments,
    AskAbout,
    ChangePlan,
    Control,
    Forget,
    Frame,
    Kind,
    NewWork,
    SmallTalk,
    Teach,
    Unclear,
    Utterance,
    Verb,
)
from planner.understanding.vectors import embedded, vectors_of

SURE: Final = 0.5
"""From here on a reading is taken,"""
LIKELY: Final = 0.3
"""or from here on where no other is half as likely."""
SURE_TOGETHER: Final = 0.65
"""The same for several that only show something: work must not be among the others."""
SURE_OF_EFFECTS: Final = 0.6
"""The same for what moves money or rights, stops work for good, or holds from now on."""
CERTAIN: Final = 0.75
"""Below this a model, where there is one, is asked what was meant. Of fresh sentences """
"""it is a quarter, and three of four that were misread."""
CONSIDERED: Final = 0.12
"""What is less likely isn't offered where the person is asked."""
CHOICES: Final = 3
LEAST_WORK: Final = 0.4
"""Work that is the likeliest by itself is planned from here on, however much else is shown."""
RISKED: Final = 0.25
"""Where something with effects is as likely as this, nothing is planned instead without asking."""
LASTING: Final = frozenset({"teach", "forget"})
PLANNED: Final = frozenset({"work", "change", "answer"})
ABOUT_BOT: Final = frozenset({"control", "about", "teach", "forget"})
"""What is about the bot is never planned as work."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Likely:
    """A verb and the chance that it's meant."""

    verb: Verb
    chance: float


@dataclass(frozen=True)
class Weighed:
    """What was read, and every verb with its chance, the likeliest first."""

    meant: Utterance
    ranked: tuple[Likely, ...]

    @property
    def is_doubtful(self) -> bool:
        """Whether a second reading is worth its price."""
        return isinstance(self.meant, Unclear) or self.ranked[0].chance < CERTAIN

    @property
    def others(self) -> tuple[str, ...]:
        """What else to offer beside something that is only shown, where that isn't sure."""
        first = _harmless(self.ranked)
        if self.meant.kind in PLANNED or isinstance(self.meant, Unclear) or first is None:
            return ()
        if _is_sure(self.ranked) or not first.verb.shows:
            return ()
        likely = _considered(self.ranked[: CHOICES + 1])
        done = tuple(other.verb.name for other in likely if _group(other) == "done")
        work = (other.verb.name for other in _works(self.ranked))
        planned = _masses(self.ranked)["planned"] >= CONSIDERED
        return (*done, *work) if planned else done


class Router:
    """Reads what people say over some verbs. Loads at the first words, or in `warm`.

    `choose` gives the language model, None for none: then words alone count. `stored` are vectors
    of phrasings that were made before.
    """

    def __init__(
        self,
        verbs: Sequence[Verb],
        weights: Weights,
        probe: Probe,
        choose: Callable[[], Embedder | None],
        stored: Path,
    ) -> None:
        self._verbs = tuple(verbs)
        self._weights = weights
        self._probe = probe
        self._choose = choose
        self._stored = stored
        self._loading = threading.Lock()
        self._phrasings: Phrasings | None = None
        self._embedder: Embedder | None = None

    def warm(self) -> None:
        """Load everything, the model's first vector with it; call it while nobody is waiting."""
        self._loaded()
        self._vector("hello")

    @property
    def verbs(self) -> tuple[Verb, ...]:
        """What it reads words as."""
        return self._verbs

    def read(self, said: str, frame: Frame) -> Utterance:
        """What is meant. Blocking, some milliseconds."""
        return self.weighed(said, frame).meant

    def weighed(self, said: str, frame: Frame) -> Weighed:
        """What is meant, and what else may be. Blocking, some milliseconds."""
        ranked = self.ranked(said, frame)
        return Weighed(self.decided(ranked, said, frame), ranked)

    def ranked(self, said: str, frame: Frame) -> tuple[Likely, ...]:
        """Every verb with its chance, the likeliest first."""
        phrasings = self._loaded()
        words = spoken(said, frame.agents)
        vector = self._vector(said)
        like = phrasings.likeness(words, vector)
        table = self._weights.table(self._verbs, meaning=vector is not None)
        kinds = self._probe.chances(phrasings, words, vector)
        known = features(self._verbs, words, like, frame, kinds)
        more = evidence(self._verbs, words, frame)
        chance = chances(table, known, possible(self._verbs, frame), more)
        order = chance.argsort()[::-1]
        ranked = tuple(Likely(self._verbs[place], float(chance[place])) for place in order)
        return ranked if "plan" in frame.scenes else _going_on(ranked)

    def decided(self, ranked: Sequence[Likely], said: str, frame: Frame) -> Utterance:
        """The likeliest reading where it is likely enough, else the ones to ask about."""
        meant = _meant(ranked, to_bot=frame.to_bot)
        if meant is not None:
            return self.as_verb(meant.verb.name, said, frame)
        likely = _likely(ranked)
        found = arguments(said, frame.agents)
        whole = [other for other in likely if not missing(other.verb.takes, found)]
        if len(whole) == 1 and len(likely) > 1 and whole[0].verb.safe:
            return self.as_verb(whole[0].verb.name, said, frame)  # the others lack what they need
        offered = whole if len(whole) > 1 else likely if len(likely) > 1 else ranked[:2]
        work = [other for other in _works(ranked) if other not in offered]
        return Unclear(candidates=tuple(other.verb.name for other in (*offered, *work)))

    def as_verb(
        self, name: str, said: str, frame: Frame, found: Arguments | None = None
    ) -> Utterance:
        """The words read as this verb, with the arguments they have, or that were `found` in them.

        Raises KeyError.
        """
        verb = next((verb for verb in self._verbs if verb.name == name), None)
        if verb is None:
            raise KeyError(name)
        return _utterance(verb, said, found or arguments(said, frame.agents))

    def _vector(self, said: str) -> Floats | None:
        if self._embedder is None:
            return None
        try:
            vector: Floats = embedded(self._embedder, [said])[0]
        except ModelTrouble as trouble:
            log.warning("words are read without a language model", reason=trouble.detail)
            self._embedder = None
            return None
        return vector

    def _loaded(self) -> Phrasings:
        with self._loading:
            if self._phrasings is None:
                phrasings = Phrasings(self._verbs)
                embedder = self._choose()
                if embedder is not None:
                    try:
                        phrasings.vectors = vectors_of(embedder, phrasings.texts, self._stored)
                        self._embedder = embedder
                    except ModelTrouble as trouble:
                        log.warning(
                            "words are read without a language model", reason=trouble.detail
                        )
                self._phrasings = phrasings
            return self._phrasings


def _going_on(ranked: Sequence[Likely]) -> tuple[Likely, ...]:
    """Where no plan waits, a change of what was done is a request that goes on from it."""
    changed = sum(other.chance for other in ranked if other.verb.kind == "change")
    others = [
        replace(other, chance=other.chance + changed) if other.verb.kind == "work" else other
        for other in ranked
        if other.verb.kind != "change"
    ]
    return tuple(sorted(others, key=lambda other: -other.chance))


def _meant(ranked: Sequence[Likely], *, to_bot: bool) -> Likely | None:
    """The reading to be taken by chances alone, None where somebody has to be asked."""
    first = ranked[0]
    if _is_sure(ranked):
        return first
    harmless = _harmless(ranked) if to_bot else None
    if harmless is not None:
        return harmless
    changes = first.verb.kind == "change" and all(map(_is_no_other, _likely(ranked)))
    return first if changes else None


def _likely(ranked: Sequence[Likely]) -> Sequence[Likely]:
    """The readings to choose from; the first two where none is likely enough."""
    return _considered(ranked[:CHOICES]) or ranked[:2]


def _considered(ranked: Sequence[Likely]) -> list[Likely]:
    return [other for other in ranked if other.chance >= CONSIDERED]


def _works(ranked: Sequence[Likely]) -> list[Likely]:
    """The readings as work to be planned."""
    return [other for other in ranked if other.verb.kind == "work"]


def _is_no_other(other: Likely) -> bool:
    """Whether a change may be made where this is meant: it is shown first and runs nothing."""
    return other.verb.kind in {"change", "work"} or not other.verb.safe


def _group(likely: Likely) -> Literal["planned", "shown", "done"]:
    if likely.verb.kind in PLANNED:
        return "planned"
    return "shown" if likely.verb.shows else "done"


def _masses(ranked: Sequence[Likely]) -> dict[str, float]:
    """The chance that something is to be planned, shown, or done."""
    masses = {"planned": 0.0, "shown": 0.0, "done": 0.0}
    for likely in ranked:
        masses[_group(likely)] += likely.chance
    return masses


def _harmless(ranked: Sequence[Likely]) -> Likely | None:
    """The likeliest of what is only planned or shown, which costs nothing where it's wrong; None
    where something with effects is likelier, or nearly.
    """
    masses = _masses(ranked)
    best = max(masses, key=lambda group: masses[group])
    if ranked[0].verb.kind in PLANNED and ranked[0].chance >= LEAST_WORK and best == "shown":
        best = "planned"
    if best == "done" or (best == "planned" and masses["done"] >= RISKED):
        return None
    return next(likely for likely in ranked if _group(likely) == best)


def _is_sure(ranked: Sequence[Likely]) -> bool:
    """Whether the likeliest is likely enough. Of two things that are only shown it matters less
    which is meant, so their chances count together.
    """
    first = ranked[0]
    if (not first.verb.safe and not first.verb.shows) or first.verb.kind in LASTING:
        return first.chance >= SURE_OF_EFFECTS
    others = [other for other in ranked[1:] if not (first.verb.shows and other.verb.shows)]
    chance = 1 - sum(other.chance for other in others)
    if first.chance >= SURE or (first.chance >= LIKELY and chance >= SURE_TOGETHER):
        return True
    if first.verb.kind == "work":
        return first.chance >= LIKELY and first.chance > _about_bot(ranked)
    return first.chance >= LIKELY and first.chance >= 2 * others[0].chance


def _about_bot(ranked: Sequence[Likely]) -> float:
    """The chance that it's about the bot itself."""
    return sum(other.chance for other in ranked if other.verb.kind in ABOUT_BOT)


def _utterance(verb: Verb, said: str, found: Arguments) -> Utterance:
    in_words = _IN_WORDS.get(verb.kind)
    if in_words is not None:
        return in_words(text=said)
    return _WITH_ARGUMENTS[verb.kind](verb.name, found)


_IN_WORDS: Final[dict[Kind, type[NewWork | ChangePlan | Answer]]] = {
    "work": NewWork,
    "change": ChangePlan,
    "answer": Answer,
}
_WITH_ARGUMENTS: Final[dict[Kind, Callable[[str, Arguments], Utterance]]] = {
    "control": lambda name, found: Control(action=name, arguments=found),
    "about": lambda name, found: AskAbout(topic=name, arguments=found),
    "teach": lambda name, found: Teach(what=name, arguments=found),
    "forget": lambda name, found: Forget(what=name, arguments=found),
    "social": lambda name, _: SmallTalk(what=name),
}
