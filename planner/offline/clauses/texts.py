"""Clauses about texts and files: fetch, read, summarise, convert, report, save, publish."""

import itertools
from pathlib import PurePosixPath

from planner.draft import Gap
from planner.names import slug
from planner.offline.clauses import data as data_clauses
from planner.offline.clauses.sources import taken
from planner.offline.data.chart_words import CHART_KINDS
from planner.offline.grammar.lexer import Clause, Kind, Token
from planner.offline.grammar.refusal import CannotPlan
from planner.offline.grammar.verbs import CHART_NOUNS, REPORT_NOUNS, SUMMARY_NOUNS
from planner.offline.grammar.words import NUMBERS
from planner.offline.sketch import DATA, Sketch, Step

_TO = frozenset({"to", "into", "in", "as", "at", "under", "called", "named"})
DOCUMENTS = frozenset({"", ".md", ".html", ".pdf"})
OTHER_PICTURES = (".jpg", ".jpeg", ".gif", ".webp", ".bmp")
_REPORT_WORDS = (
    REPORT_NOUNS
    | _TO
    | SUMMARY_NOUNS
    | frozenset(
        [
            "a",
            "an",
            "the",
            "write",
            "create",
            "make",
            "generate",
            "produce",
            "build",
            "prepare",
            "put",
            "it",
            "that",
            "this",
            "them",
            "all",
            "everything",
            "result",
            "results",
            "file",
            "folder",
            "report",
            "on",
            "of",
            "with",
            "about",
            "for",
            "me",
            "us",
            "and",
            "table",
            "chart",
            "graph",
            "charts",
            "tables",
            "both",
            "numbers",
            "short",
            "brief",
            "final",
            "markdown",
            "pdf",
            "html",
            "findings",
            "titled",
            "title",
            "save",
            "output",
            "containing",
            "including",
            "include",
            "summarising",
            "summarizing",
            "give",
            "compile",
            "please",
            "answer",
            "kim's",
            "together",
            "document",
            "documents",
            "from",
            "data",
        ]
    )
)


def fetch(sketch: Sketch, clause: Clause) -> None:
    """Fetch each address."""
    urls = [token.text for token in clause if token.kind is Kind.URL]
    if not urls:
        raise CannotPlan("Say which page to fetch, with its full address (https://…).")
    for url in urls:
        _fetched(sketch, url)


def summarise(sketch: Sketch, clause: Clause) -> None:
    """Summarise a page, a file, quoted words, or the newest text, by picking its sentences."""
    sketch.tool("text.summarise")
    source = _text_source(sketch, clause)
    step = sketch.add("text.summarise", _summary_title(source), "text", key="summary")
    if isinstance(source, Step):
        step.feed("text", source.key)
    else:
        step.give("text", source)
    sentences = _sentences(clause)
    if sentences:
        step.give("sentences", str(sentences))
    sketch.assume("The summary picks the weightiest sentences; it writes none of its own.")


def report(sketch: Sketch, clause: Clause) -> None:
    """Put everything so far into one report."""
    sketch.tool("report.write")
    path = next((t.text for t in clause if t.kind is Kind.PATH and _is_target(clause, t)), "")
    titles = [t.text for t in clause if t.kind is Kind.QUOTED]
    sources = [t for t in clause if t.kind is Kind.PATH and t.text != path]
    if sources:
        taken(sketch, tuple(sources))
    about = tuple(
        t for t in clause if t.kind is Kind.WORD and t.low not in _REPORT_WORDS | set(CHART_KINDS)
    )
    if about and not titles and (sketch.file or not sketch.steps) and sketch.query is None:
        data_clauses.query(sketch, tuple(t for t in clause if _asks(t)))
    sketch.settle()
    if any(t.low in CHART_NOUNS for t in clause) and sketch.newest("chart") is None:
        data_clauses.chart(sketch, tuple(t for t in clause if t.low in CHART_KINDS))
    step = sketch.add("report.write", "Write the report", "report", key="report")
    for part in sketch.steps[:-1]:
        if part.kind in {"table", "chart", "text", "answer"} and not _used_up(sketch, part):
            step.feed("parts", part.key)
    if not step.inputs:
        raise CannotPlan(
            "There is nothing to put into the report yet; say which numbers, for example "
            "“total revenue by region”."
        )
    if titles:
        step.give("title", titles[0])
    _aim(sketch, step, path, clause)


def _asks(token: Token) -> bool:
    """Whether the word belongs to what is asked of the data, not to the report around it."""
    if token.kind not in {Kind.WORD, Kind.NUMBER, Kind.DATE, Kind.MARK}:
        return False
    about_report = (_REPORT_WORDS | set(CHART_KINDS)) - {"of", "for", "in", "from", "and"}
    return token.low not in about_report


def save(sketch: Sketch, clause: Clause) -> None:
    """Give the newest result its path, or write it to a file."""
    paths = [t.text for t in clause if t.kind is Kind.PATH]
    sketch.settle()
    path = paths[-1] if paths else ""
    words = {t.low for t in clause}
    last = _meant(sketch, words)
    if last is None:
        raise CannotPlan("There is nothing to save yet; say what to work out first.")
    drawn = last.kind == "chart" and bool(path) and not path.lower().endswith(data_clauses.PICTURES)
    is_document = PurePosixPath(path).suffix in DOCUMENTS
    if last.kind == "report" or (is_document and (drawn or words & REPORT_NOUNS)):
        report_step = sketch.newest("report")
        if report_step is None:
            report(sketch, clause)
        else:
            _aim(sketch, report_step, path, clause)
        return
    if last.kind == "chart" and not drawn:
        if path:
            last.give("path", path)
        return
    last = _numbers(sketch, path, words) if drawn else last
    if path.endswith((".pdf", ".html")):
        _render(sketch, last, path)
        return
    _written(sketch, last, path)


def _numbers(sketch: Sketch, path: str, words: set[str]) -> Step:
    """What "chart it and save it to x.csv" wants in that file. Raises CannotPlan for a picture."""
    table = sketch.newest("table")
    if table is None or words & CHART_NOUNS or path.lower().endswith(OTHER_PICTURES):
        raise CannotPlan(f"A chart is a PNG file; end {path} in .png, or say “save the table”.")
    return table


def publish(sketch: Sketch, clause: Clause) -> None:
    """Publish the newest text; where to is never guessed."""
    sketch.tool("files.publish")
    sketch.settle()
    if {t.low for t in clause} & REPORT_NOUNS and sketch.newest("report") is None:
        report(sketch, tuple(t for t in clause if t.kind is Kind.QUOTED))
    paths = [t.text for t in clause if t.kind is Kind.PATH]
    source = sketch.newest("text", "report", "page", "table", "file")
    if source is None:
        raise CannotPlan("There is nothing to publish yet; say what should be written first.")
    path = paths[-1] if paths else _asked_path(sketch, source)
    step = sketch.add("files.publish", f"Publish to {path}", "file", key="publish")
    step.give("path", path)
    step.feed("content", source.key)
    answer = sketch.newest("answer")
    if answer is not None and answer.key not in {one.from_task for one in step.inputs}:
        step.after.append(answer.key)


def convert(sketch: Sketch, clause: Clause) -> None:
    """Markdown to HTML or PDF."""
    sketch.tool("report.render")
    paths = [t.text for t in clause if t.kind is Kind.PATH]
    words = {t.low for t in clause} | {PurePosixPath(path).suffix[1:].lower() for path in paths}
    wanted = "html" if words & {"html", "web", "webpage"} else "pdf" if "pdf" in words else ""
    sources = [path for path in paths if path.lower().endswith((".md", ".markdown", ".txt"))]
    target = next((path for path in paths if path.lower().endswith((".pdf", ".html"))), "")
    if not wanted:
        raise CannotPlan("I can turn Markdown into html or pdf; say which of the two.")
    if sources:
        sketch.document = sketch.known_file(sources[0]).path
    source = sketch.settle()
    if source is None:
        raise CannotPlan("Say which Markdown file to convert.")
    stem = PurePosixPath(source.value("path") or f"reports/{slug(source.title)}")
    _render(sketch, source, target or str(stem.with_suffix(f".{wanted}")))


def _fetched(sketch: Sketch, url: str) -> Step:
    sketch.tool("web.fetch")
    step = sketch.add("web.fetch", f"Fetch {url}", "page", key="fetch")
    step.give("url", url)
    return step


def _text_source(sketch: Sketch, clause: Clause) -> Step | str:
    url = next((t.text for t in clause if t.kind is Kind.URL), "")
    if url:
        return _fetched(sketch, url)
    path = next((t.text for t in clause if t.kind is Kind.PATH), "")
    if path and PurePosixPath(path).suffix.lower()[1:] in DATA:
        raise CannotPlan(
            f"A summary needs a text; of {path} I can total, count, chart or list, for example "
            f"“show {path}”."
        )
    if path:
        sketch.document = sketch.known_file(path).path
    quoted = next((t.text for t in clause if t.kind is Kind.QUOTED), "")
    if quoted:
        return quoted
    found = None if sketch.document else sketch.newest("page", "text")
    if found is None and not sketch.document and sketch.query is None and not sketch.steps:
        texts = [
            f.path for f in sketch.request.readable if f.path.lower().endswith((".txt", ".md"))
        ]
        sketch.document = texts[0] if len(texts) == 1 else ""
    found = found or sketch.settle()
    if found is not None:
        return found
    raise CannotPlan("Say what to summarise: a text file of the project or a web address.")


def _summary_title(source: Step | str) -> str:
    what = source.value("path") or source.value("url") if isinstance(source, Step) else "the text"
    return f"Summarise {what or 'the text'}"


def _sentences(clause: Clause) -> int:
    for number, noun in itertools.pairwise(clause):
        if noun.low.startswith(("sentence", "line", "bullet", "point")):
            digits = number.text.replace(",", "")
            return int(digits) if digits.isdigit() else NUMBERS.get(number.low, 0)
    return 0


def _is_target(clause: Clause, token: Token) -> bool:
    place = clause.index(token)
    before = clause[place - 1].low if place else ""
    return before in _TO or token.text.lower().endswith((".md", ".html", ".pdf", "/"))


def _used_up(sketch: Sketch, part: Step) -> bool:
    """A page or text that only fed a summary is not shown in full beside it."""
    return part.kind == "text" and part.type == "files.read" and any(
        one.from_task == part.key for step in sketch.steps for one in step.inputs
    )  # fmt: skip


def _aim(sketch: Sketch, step: Step, path: str, clause: Clause) -> None:
    """The report's path; HTML and PDF are rendered from the Markdown beside them."""
    words = {t.low for t in clause}
    ending = PurePosixPath(path).suffix.lower()
    if not ending and "pdf" in words:
        ending = ".pdf"
    if not ending and "html" in words:
        ending = ".html"
    if path.endswith("/"):
        path = f"{path}{slug(sketch.title or 'report')}"
    if ending not in {".pdf", ".html"}:
        if path:
            step.give("path", path if ending else f"{path}.md")
        return
    base = path or f"reports/{slug(_subject(sketch))}{ending}"
    if not path:
        sketch.assume(f"The report is saved as {base}.")
    step.give("path", str(PurePosixPath(base).with_suffix(".md")))
    _render(sketch, step, base)


def _subject(sketch: Sketch) -> str:
    table = next((one for one in sketch.steps if one.query), None)
    return sketch.title or (table.query.title() if table and table.query else "report")


def _render(sketch: Sketch, source: Step, path: str) -> None:
    sketch.tool("report.render")
    wanted = PurePosixPath(path).suffix[1:].lower()
    step = sketch.add("report.render", f"Render {path}", "file", key="render")
    step.feed("markdown", source.key)
    step.give("format", wanted)
    step.give("path", path)


def _meant(sketch: Sketch, words: set[str]) -> Step | None:
    if words & CHART_NOUNS:
        return sketch.newest("chart")
    if words & REPORT_NOUNS:
        return sketch.newest("report") or sketch.last
    if words & {"table", "numbers", "data", "rows", "csv"}:
        return sketch.newest("table") or sketch.last
    if words & SUMMARY_NOUNS:
        return sketch.newest("text") or sketch.last
    return sketch.last


def _written(sketch: Sketch, source: Step, path: str) -> None:
    sketch.tool("files.write")
    if not path or path.endswith("/"):
        ending = "csv" if source.kind == "table" else "md"
        path = f"{path or 'results/'}{slug(source.title)}.{ending}"
        sketch.assume(f"It is saved as {path}.")
    step = sketch.add("files.write", f"Save to {path}", "file", key="save")
    step.give("path", path)
    step.feed("content", source.key)


def _asked_path(sketch: Sketch, source: Step) -> str:
    name = f"{slug(sketch.title or source.title)}.md"
    slot = f"publish path of {name}"
    default = f"published/{name}"
    if slot in sketch.answers:
        return sketch.answers[slot]
    sketch.gaps.append(
        Gap(
            slot=slot,
            question="Where should it be published?",
            options=(default, f"blog/{name}", f"docs/{name}"),
            default=default,
            matters="effects",
        )
    )
    return default
