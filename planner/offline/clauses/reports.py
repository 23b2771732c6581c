"""Clauses about reports, and the names of reports, charts and plans that nobody named."""

import re
from collections.abc import Container, Sequence
from pathlib import PurePosixPath

from memory.model.text import text
from planner.draft import CannotPlan
from planner.lexicon.tokens import Clause, Kind, Token, lows, texts_of
from planner.lexicon.verbs import REPORT_NOUNS, SUMMARY_NOUNS
from planner.lexicon.words import word_set
from planner.names import capital, is_data, slug, unused
from planner.offline.clauses import data
from planner.offline.clauses.files import take
from planner.offline.sketch import Sketch, Step
from planner.questions.describing import title_of
from planner.questions.offers import example
from planner.questions.spec import QuerySpec
from planner.tools import CHART_KINDS, CHART_NOUNS

TELLING = 3
"""Letters from which on a file's name says what is in it."""
RENDERED = (".pdf", ".html")
DOCUMENTS = frozenset({"", ".md", *RENDERED})
_TO = word_set("to into in as at under called named")
_REPORT_WORDS = REPORT_NOUNS | _TO | SUMMARY_NOUNS | set(CHART_KINDS) | word_set(
    "a an the write create make generate produce build prepare put it that this them all everything",
    "result results file folder on of with about for me us and table chart graph charts tables both",
    "numbers short brief final markdown pdf html findings titled title save output containing",
    "including include summarising summarizing give compile please answer together document documents",
    "from data",
)  # fmt: skip
_ASKED_KINDS = frozenset({Kind.WORD, Kind.NUMBER, Kind.DATE, Kind.MARK})


def _take_all(sketch: Sketch, names: Sequence[str]) -> None:
    """Take the files; several tables are loaded together."""
    for name in names:
        take(sketch, name)
    several = tuple(sketch.known_file(name) for name in names if is_data(name))
    if len(several) > 1:
        sketch.file, sketch.loaded = None, several


def report(sketch: Sketch, clause: Clause) -> None:
    """Put everything so far into one report."""
    sketch.tool("report.write")
    path, titles = _target(clause), texts_of(clause, Kind.QUOTED)
    _take_all(sketch, [name for name in texts_of(clause, Kind.PATH) if name != path])
    if not titles:
        _ask(sketch, clause)
    sketch.settle()
    if lows(clause) & CHART_NOUNS and sketch.newest("chart") is None:
        data.chart(sketch, tuple(token for token in clause if token.low in CHART_KINDS))
    step = sketch.add("report.write", text("Write the report"), "report", key="report")
    _feed(sketch, step)
    for title in titles[:1]:
        step.give("title", title)
    aim(sketch, step, path, clause)


def _feed(sketch: Sketch, step: Step) -> None:
    """Put the results into the report: not a text in full that only fed a summary beside it."""
    users = {given.from_task for other in sketch.steps for given in other.inputs}
    for part in sketch.steps:
        used_up = part.type == "files.read" and part.key in users
        if part.kind in {"table", "chart", "text", "answer"} and not used_up:
            step.feed("parts", part.key)
    if not step.inputs:
        asked = example(sketch.request.readable) or "total revenue by region"
        raise CannotPlan("There's nothing to put into the report yet. Say which numbers you want, for "
                         "example “{example}”.", example=asked)  # fmt: skip


def _ask(sketch: Sketch, clause: Clause) -> None:
    """Read what the clause itself asks of the data: "a report on revenue by region"."""
    asks = any(t.kind is Kind.WORD and t.low not in _REPORT_WORDS for t in clause)
    if asks and sketch.query is None and (sketch.file or not sketch.steps):
        data.query(sketch, tuple(token for token in clause if _asks(token)))


def _asks(token: Token) -> bool:
    """Whether the word belongs to what is asked of the data, not to the report around it."""
    about_report = _REPORT_WORDS - {"of", "for", "in", "from", "and"}
    return token.kind in _ASKED_KINDS and token.low not in about_report


def _target(clause: Clause) -> str:
    """Where the report goes: behind a "to", or a path with a report's ending."""
    for place, token in enumerate(clause):
        goal = place > 0 and clause[place - 1].low in _TO
        if token.kind is Kind.PATH and (goal or token.low.endswith((".md", *RENDERED, "/"))):
            return token.text
    return ""


def _ending_said(words: Container[str]) -> str:
    return next((kind for kind in RENDERED if kind[1:] in words), ".md")


def aim(sketch: Sketch, step: Step, path: str, clause: Clause) -> None:
    """The report's path; HTML and PDF are rendered from the Markdown beside them."""
    ending = PurePosixPath(path).suffix.lower() or _ending_said(lows(clause))
    if path.endswith("/"):
        path = f"{path}{slug(sketch.title or 'report')}"
    if path and not PurePosixPath(path).suffix:
        path = f"{path}{ending}"
    if ending in RENDERED:
        if not path:
            path = f"reports/{slug(subject_of(sketch) or 'report')}{ending}"
            sketch.assume(text("The report is saved as {path}.", path=path))
        step.give("path", str(PurePosixPath(path).with_suffix(".md")))
        render(sketch, step, path)
    elif path:
        step.give("path", path)


def render(sketch: Sketch, source: Step, path: str) -> None:
    """Render what the task wrote as the path's ending says."""
    title, ending = text("Render {path}", path=path), PurePosixPath(path).suffix[1:].lower()
    sketch.run_tool("report.render", title, "file", key="render", markdown=source, format=ending,
                    path=path)  # fmt: skip


def name_all(sketch: Sketch) -> None:
    """Give reports and charts their paths and titles, and the newest report its late charts."""
    for step in sketch.all_of("report"):
        _name_report(sketch, step)
    newest = sketch.newest("report")
    if newest is not None:
        _add_late_charts(sketch, newest)
    _name_charts(sketch, newest)


def plan_title(sketch: Sketch) -> str:
    """What the plan is called."""
    report_step, subject = sketch.newest("report"), subject_of(sketch)
    if report_step is None:
        last = sketch.newest("text", "table", "answer", "page") or sketch.last
        return capital(subject or (last.title if last else ""))
    if subject and report_step.when:  # which of its reports it comes to is not known yet
        return text("Report: {subject}", subject=subject)
    return report_step.value("title")


def subject_of(sketch: Sketch) -> str:
    """What the plan is about: its title so far, or its telling question to the data."""
    query = _telling(sketch)
    return sketch.title or (title_of(query) if query else "")


def _telling(sketch: Sketch) -> QuerySpec | None:
    """The question to the data that says what the plan is about: not one that only counts rows
    for a condition, where there is another.
    """
    conditions = {holds.task for step in sketch.steps for holds in step.when}
    asked = [step for step in sketch.steps if step.query and step.kind != "check"]
    telling = [step for step in asked if step.key not in conditions or not _counts(step)]
    return next((step.query for step in (*telling, *asked)), None)


def _counts(step: Step) -> bool:
    measures = step.query.measures if step.query else ()
    return all(measure.function == "count" for measure in measures)


def _name_report(sketch: Sketch, step: Step) -> None:
    subject = subject_of(sketch)
    if not step.value("path"):
        paths = {other.value("path") for other in sketch.steps}
        path = unused(f"reports/{slug(subject or 'report')}", paths, ".md")
        step.give("path", path)
        sketch.assume(text("The report is saved as {path}.", path=path))
    if not step.value("title"):
        step.give("title", _report_title(PurePosixPath(step.value("path")).stem, subject))
    step.title = text("Write {path}", path=step.value("path"))


def _report_title(stem: str, subject: str) -> str:
    """ "Q3 report: total revenue by region" of q3.md."""
    if subject and len(stem) < TELLING and not re.search(r"\d", stem):
        return text("Report: {subject}", subject=subject)  # a letter names nothing
    name = stem.replace("-", " ").replace("_", " ")
    name = stem.upper() if re.fullmatch(r"[qQ][1-4]", stem) else capital(name)
    if "report" not in name.lower():
        name = text("{name} report", name=name)
    if subject and slug(subject) != slug(stem):
        return f"{name}: {subject}"
    return name


def _add_late_charts(sketch: Sketch, step: Step) -> None:
    """Charts asked for after the report was mentioned still belong in it."""
    used = {given.from_task for other in sketch.steps for given in other.inputs}
    parts = {given.from_task for given in step.inputs}
    for chart in sketch.all_of("chart"):
        if step.key not in used and chart.key not in parts:
            step.feed("parts", chart.key)


def _name_charts(sketch: Sketch, newest_report: Step | None) -> None:
    taken_paths: set[str] = set()
    for step in sketch.all_of("chart"):
        if not step.value("path"):
            base = f"charts/{slug(step.value('title'))}"
            if newest_report is not None:
                base = str(PurePosixPath(newest_report.value("path")).with_suffix(""))
            step.give("path", unused(base, taken_paths, ".png"))
            sketch.assume(text("The chart is saved as {path}.", path=step.value("path")))
        taken_paths.add(step.value("path"))
