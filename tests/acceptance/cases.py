"""The sets, read; and what a case came to."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
KEPT = Path(".orchestra/acceptance")

Case = dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What became of one case. `verdict` is its class, `said` what the bot answered."""

    case: str
    text: str
    verdict: str
    note: str = ""
    said: str = ""


@dataclass(frozen=True)
class Score:
    """A figure of a set, with the promise it is held to."""

    name: str
    value: float
    of: int
    least: float | None = None
    most: float | None = None

    @property
    def kept(self) -> bool:
        """Whether it is where it should be."""
        return (self.least is None or self.value >= self.least) and (
            self.most is None or self.value <= self.most
        )


def lines(name: str, every: int = 1) -> list[Case]:
    """The cases of a set, every n-th of them."""
    path = DATA / name
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as file:
            found: list[Case] = [
                {**row, "id": f"say-{at:03}"} for at, row in enumerate(csv.DictReader(file), 1)
            ]
    else:
        found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return found[::every]


def keep(name: str, verdicts: Iterable[Verdict]) -> None:
    """Write what happened, for whoever wants to look closer."""
    KEPT.mkdir(parents=True, exist_ok=True)
    lines_ = (json.dumps(asdict(verdict), ensure_ascii=False) for verdict in verdicts)
    (KEPT / f"{name}.jsonl").write_text("\n".join(lines_) + "\n", encoding="utf-8")


def share(verdicts: Sequence[Verdict], *names: str) -> float:
    """The share of these classes, in per cent."""
    counted = Counter(verdict.verdict for verdict in verdicts)
    return 100 * sum(counted[name] for name in names) / max(1, len(verdicts))


def matches(pattern: str, text: str) -> bool:
    """Whether it is said, whatever the case."""
    return re.search(pattern, text, re.IGNORECASE) is not None
