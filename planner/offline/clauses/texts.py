"""Clauses about texts and files: fetch, summarise, convert, save, publish."""

import itertools
from collections.abc import Sequence
from pathlib import PurePosixPath

from memory.model.text import text
from planner.draft import CannotPlan
from planner.lexicon.tokens import Clause, Kind, lows, texts_of
from planner.lexicon.verbs import REPORT_NOUNS, SUMMARY_NOUNS
from planner.lexicon.words import NUMBERS, word_set
from planner.names import FORMATS, SAVED, is_data, slug
from planner.offline.clauses.data import PICTURES
from planner.offline.clauses.reports import DOCUMENTS, RENDERED, aim, render, report
from planner.offline.sketch import OutputKind, Sketch, Step
from planner.tools import CHART_NOUNS

OTHER_PICTURES = (".jpg", ".jpeg", ".gif", ".webp", ".bmp")
MARKDOWN = (".md", ".markdown", ".txt")
_OF_KIND: tuple[tuple[frozenset[str], tuple[OutputKind, ...]], ...] = (
    (REPORT_NOUNS, ("report",)),
    (word_set("table numbers data rows csv"), ("table",)),
    (SUMMARY_NOUNS, ("text",)),
)
"""What a noun means, where there is one; else the newest of all is meant."""


def fetch(sketch: Sketch, clause: Clause) -> None:
    """Fetch each address."""
    urls = texts_of(clause, Kind.URL)
    if not urls:
        raise CannotPlan("Say which page to fetch, with its full address (https://…).")
    for url in urls:
        _fetched(sketch, url)


def summarise(sketch: Sketch, clause: Clause) -> None:
    """Summarise a page, a file, quoted words, or the newest text, by picking its sentences."""
    sketch.tool("text.summarise")
    source = _text_source(sketch, clause)
    what = "" if isinstance(source, str) else source.value("path") or source.value("url")
    title = text("Summarise {what}", what=what) if what else text("Summarise the text")
    sketch.run_tool("text.summarise", title, "text", key="summary", text=source,
                    sentences=_sentences(clause))  # fmt: skip
    sketch.assume(
        text("The summary quotes the most important sentences; it doesn't write new ones.")
    )


def save(sketch: Sketch, clause: Clause) -> None:
    """Give the newest result its path, or write it to a file."""
    paths, words = texts_of(clause, Kind.PATH), lows(clause)
    path = paths[-1] if paths else ""
    sketch.settle()
    source = _savable(_intended(sketch, words), path)
    picture = source.kind == "chart" and (path or ".png").lower().endswith(PICTURES)
    if source.kind == "report" or _is_for_report(source, path, words, picture=picture):
        _save_report(sketch, path, clause)
    elif not picture:
        _save_result(sketch, source, path, words)
    elif path:
        source.give("path", path)


def _savable(source: Step | None, path: str) -> Step:
    """What is to be saved there. Raises CannotPlan where there is nothing, or it is no picture."""
    if source is None:
        raise CannotPlan("There's nothing to save yet. Say what to work out first.")
    if source.kind != "chart" and path.lower().endswith((*PICTURES, *OTHER_PICTURES)):
        raise CannotPlan(
            "{path} would be a picture, and there's no chart to save. Say for example “as a bar "
            "chart”, or save the table as CSV, JSON or Excel.",
            path=path,
        )
    return source


def _is_for_report(source: Step, path: str, words: set[str], *, picture: bool) -> bool:
    """Whether a report is asked for, or a chart that is to be a document."""
    wanted = bool(words & REPORT_NOUNS) or (source.kind == "chart" and not picture)
    return wanted and PurePosixPath(path).suffix in DOCUMENTS


def _save_report(sketch: Sketch, path: str, clause: Clause) -> None:
    existing = sketch.newest("report")
    if existing is None:
        report(sketch, clause)
    else:
        aim(sketch, existing, path, clause)


def _save_result(sketch: Sketch, source: Step, path: str, words: set[str]) -> None:
    if source.kind == "chart":
        source = _numbers(sketch, path, words)
    if path.endswith(RENDERED):
        render(sketch, source, path)
        return
    path = _path(sketch, source, path, words)
    if source.query is not None and path.lower().endswith(SAVED[1:]):
        _export(sketch, source, path)
    else:
        write(sketch, source, path)


def _path(sketch: Sketch, source: Step, path: str, words: set[str]) -> str:
    """Where a result goes: named after what it shows where nothing else names the file."""
    if path and not path.endswith("/"):
        return path
    ending = _format(words) if source.kind == "table" else ".md"
    path = f"{path or 'results/'}{slug(source.title)}{ending}"
    sketch.assume(text("It's saved as {path}.", path=path))
    return path


def _format(words: set[str]) -> str:
    """The ending of the format that is named; CSV where none is."""
    return next((FORMATS[word] for word in words if word in FORMATS), ".csv")


def _export(sketch: Sketch, source: Step, path: str) -> None:
    """Save all rows of a question in a format that no text has."""
    step = sketch.run_tool(
        "data.export", text("Save to {path}", path=path), "file", key="export", path=path
    )
    step.inputs[:0] = [given for given in source.inputs if given.name in {"sources", "sql"}]


def write(sketch: Sketch, source: Step, path: str) -> None:
    """Save what the task gives to a file."""
    title = text("Save to {path}", path=path)
    sketch.run_tool("files.write", title, "file", key="save", path=path, content=source)


def _numbers(sketch: Sketch, path: str, words: set[str]) -> Step:
    """What "chart it and save it to x.csv" wants in that file. Raises CannotPlan for a picture."""
    table = sketch.newest("table")
    if table is None or words & CHART_NOUNS or path.lower().endswith(OTHER_PICTURES):
        raise CannotPlan(
            "A chart is a PNG file. End {path} in .png, or say “save the table”.", path=path
        )
    return table


def publish(sketch: Sketch, clause: Clause) -> None:
    """Publish the newest text; where to is never guessed."""
    sketch.tool("files.publish")
    sketch.settle()
    if lows(clause) & REPORT_NOUNS and sketch.newest("report") is None:
        report(sketch, tuple(token for token in clause if token.kind is Kind.QUOTED))
    source = sketch.newest("text", "report", "page", "table", "file")
    if source is None:
        raise CannotPlan("There's nothing to publish yet. Say what should be written first.")
    paths = texts_of(clause, Kind.PATH)
    path = paths[-1] if paths else _published_path(sketch, source)
    title, answer = text("Publish to {path}", path=path), sketch.newest("answer")
    step = sketch.run_tool("files.publish", title, "file", key="publish", path=path, content=source)
    if answer is not None:
        step.after.append(answer.key)


def _published_path(sketch: Sketch, source: Step) -> str:
    name = f"{slug(sketch.title or source.title)}.md"
    return sketch.questions.choose(
        f"publish path of {name}",
        text("Where should it be published?"),
        (f"published/{name}", f"blog/{name}", f"docs/{name}"),
        also=None,
        matters="effects",
    )


def convert(sketch: Sketch, clause: Clause) -> None:
    """Markdown to HTML or PDF."""
    sketch.tool("report.render")
    paths = texts_of(clause, Kind.PATH)
    words = lows(clause) | {PurePosixPath(path).suffix[1:].lower() for path in paths}
    wanted = "html" if words & {"html", "web", "webpage"} else "pdf" if "pdf" in words else ""
    if not wanted:
        raise CannotPlan("I can turn Markdown into HTML or PDF. Which of the two?")
    markdown, target = _ending_in(paths, MARKDOWN), _ending_in(paths, RENDERED)
    if markdown:
        sketch.document = sketch.known_file(markdown).path
    source = sketch.settle()
    if source is None:
        raise CannotPlan("Say which Markdown file to convert.")
    stem = PurePosixPath(source.value("path") or f"reports/{slug(source.title)}")
    render(sketch, source, target or str(stem.with_suffix(f".{wanted}")))


def _ending_in(paths: Sequence[str], endings: tuple[str, ...]) -> str:
    return next((path for path in paths if path.lower().endswith(endings)), "")


def _fetched(sketch: Sketch, url: str) -> Step:
    return sketch.run_tool("web.fetch", text("Fetch {url}", url=url), "page", key="fetch", url=url)


def _text_source(sketch: Sketch, clause: Clause) -> Step | str:
    """The page, the file, the quoted words or the newest text the clause is about."""
    for url in texts_of(clause, Kind.URL)[:1]:
        return _fetched(sketch, url)
    for path in texts_of(clause, Kind.PATH)[:1]:
        if is_data(path):
            raise CannotPlan(
                "I can only summarise text. From {path} I can total, count, chart or list rows, "
                "for example “show {path}”.",
                path=path,
            )
        sketch.document = sketch.known_file(path).path
    for quoted in texts_of(clause, Kind.QUOTED)[:1]:
        return quoted
    newest = sketch.newest("page", "text")
    if newest is not None and not sketch.document:
        return newest
    sketch.document = sketch.document or _only_text(sketch)
    source = sketch.settle()
    if source is None:
        raise CannotPlan("Say what to summarise: a text file in the project, or a web address.")
    return source


def _only_text(sketch: Sketch) -> str:
    """The project's text file, where it has just one and nothing else was planned."""
    paths = [file.path for file in sketch.request.readable]
    texts = [path for path in paths if path.lower().endswith((".txt", ".md"))]
    free = sketch.query is None and not sketch.steps
    return texts[0] if free and len(texts) == 1 else ""


def _sentences(clause: Clause) -> str:
    """How many sentences are asked for; "" for no number."""
    for count, noun in itertools.pairwise(clause):
        if noun.low.startswith(("sentence", "line", "bullet", "point")):
            digits = count.text.replace(",", "")
            return digits if digits.isdigit() else str(NUMBERS.get(count.low, ""))
    return ""


def _intended(sketch: Sketch, words: set[str]) -> Step | None:
    """The result the words mean."""
    if words & CHART_NOUNS:
        return sketch.newest("chart")
    for nouns, kinds in _OF_KIND:
        if words & nouns:
            return sketch.newest(*kinds) or sketch.last
    return sketch.last
