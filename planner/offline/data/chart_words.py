"""The kinds of chart, as people name them. Pure."""

from collections.abc import Iterator, Sequence

from planner.offline.grammar.verbs import CHART_NOUNS
from planner.offline.grammar.words import word_set

CHART_KINDS = {
    "bar": "bar", "bars": "bar", "column": "bar", "histogram": "bar", "line": "line",
    "lines": "line", "trend": "line", "pie": "pie", "pies": "pie", "donut": "pie",
    "scatter": "scatter", "scatterplot": "scatter",
}  # fmt: skip
CHARTING = CHART_NOUNS | set(CHART_KINDS)
"""Words that name a chart or its kind."""
_BETWEEN = CHART_NOUNS | word_set("and a an as , & plus both also one")


def kinds_in(words: Sequence[str]) -> tuple[str, ...]:
    """The kinds that are asked for, each once: several only where they are named together, as in
    "a pie chart and a line chart". Words with the noun win: in "lines by day as a bar chart" it
    is bar. None where no kind is named.
    """
    runs = list(_runs(words))
    chosen = next((run for run in runs if CHART_NOUNS & set(run)), runs[0] if runs else ())
    return tuple(dict.fromkeys(CHART_KINDS[word] for word in chosen if word in CHART_KINDS))


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Stretches of kinds and what stands between them."""
    run: list[str] = []
    for word in (*words, ""):
        if word in CHART_KINDS or (run and word in _BETWEEN):
            run.append(word)
        elif run:
            yield tuple(run)
            run = []
