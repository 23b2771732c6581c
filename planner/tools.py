"""What planning knows about built-in tools beyond what the catalogue says of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

PATH, SOURCES, SQL, TITLE, WHO, KIND, ABOUT = (
    "path", "sources", "sql", "title", "who", "kind", "about",
)  # fmt: skip
"""Control parameters whose values are read for what they mean."""

RECIPIENTS = frozenset({"to", "recipient", "recipients", "host", "command", "channel"})
"""Control parameters that say where an effect goes, beside paths and URLs."""

ASKING = frozenset({"ask", "approve"})
"""Types of tasks in which a person is asked before the work goes on."""

CHART_NOUNS = frozenset({
    "chart", "graph", "plot", "charts", "graphs", "plots", "diagram", "histogram", "picture",
    "visualisation", "visualization",
})  # fmt: skip
CHART_KINDS = {
    "bar": "bar", "bars": "bar", "column": "bar", "histogram": "bar", "line": "line",
    "lines": "line", "trend": "line", "pie": "pie", "pies": "pie", "donut": "pie",
    "scatter": "scatter", "scatterplot": "scatter",
}  # fmt: skip
CHARTING = CHART_NOUNS | set(CHART_KINDS)
"""Words that name a chart or its kind."""
_BETWEEN = CHART_NOUNS | {"and", "a", "an", "as", ",", "&", "plus", "both", "also", "one"}


@dataclass(frozen=True)
class Tool:
    """A built-in tool. `reads` is the control parameter that names the files it reads."""

    name: str
    reads: str = ""
    seconds: tuple[float, float] = (0.02, 1.0)
    """How long it takes, at the low and the high end."""
    makes: str = ""
    """What kind of file it makes, in words for people."""
    endings: tuple[str, ...] = ()
    """What the names of those files may end in; empty for anything."""


QUERY = Tool("data.query", reads=SOURCES, seconds=(0.05, 2))
CHART = Tool("data.chart", seconds=(0.5, 3), makes="A chart is a PNG file", endings=(".png",))
FILE = Tool("files.read", reads=PATH)
FETCH = Tool("web.fetch", seconds=(0.3, 5))
REPORT = Tool(
    "report.write", makes="A report is written in Markdown", endings=(".md", ".markdown", ".txt")
)
RENDER = Tool(
    "report.render",
    seconds=(0.2, 4),
    makes="A rendered report is HTML or PDF",
    endings=(".html", ".htm", ".pdf"),
)
_TOOLS: Mapping[str, Tool] = {
    tool.name: tool for tool in (QUERY, CHART, FILE, FETCH, REPORT, RENDER)
}


def tool_named(name: str) -> Tool:
    """The tool of this name, or one about which nothing more is known."""
    return _TOOLS.get(name) or Tool(name)


def chart_kinds(words: Sequence[str]) -> tuple[str, ...]:
    """The kinds of chart that are asked for, each once.

    Several only where they are named together, as in "a pie chart and a line chart". Words with
    the noun win: "lines by day as a bar chart" asks for bars.
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
