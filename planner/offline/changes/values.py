"""What is told and where it goes: another path, chart, title, length, tone, number of rows."""

import re
from pathlib import PurePosixPath
from typing import Final

from planner.draft import DraftTask
from planner.offline.changes.change import Change, given, value_of
from planner.offline.data.chart_words import kinds_in
from planner.offline.grammar.lexer import Kind, tokens
from planner.offline.grammar.refusal import CannotPlan

_CHART: Final = re.compile(
    r"\b(?P<kind>bar|line|pie|scatter)s?\b(?! (?:instead of|to|→|->))", re.IGNORECASE
)
_ARROW: Final = re.compile(
    r"\b(?:bar|line|pie|scatter)s?(?: ?charts?)? ?(?:→|->|to|into|becomes) ?(?:an? )?(?P<kind>bar|line|pie|scatter)",
    re.IGNORECASE,
)
_CHART_WORDS: Final = frozenset({
    "bar", "bars", "line", "lines", "pie", "pies", "scatter", "scatters", "chart", "charts", "plot", "graph", "diagram",
    "make", "it", "a", "an", "the", "as", "use", "draw", "instead", "of", "to", "into", "in", "becomes", "change",
    "turn", "switch", "be", "should", "want", "i", "kind", "type", "with", "for", "show", "them", "please",
})  # fmt: skip
_TITLE: Final = re.compile(
    r"^(?:call|title|name|rename)\b[\w ]*[\"“‘'`][^\"”’'`]+[\"”’'`]$", re.IGNORECASE
)
_CLAUSES: Final = re.compile(r",|\b(?:and|but)\b", re.IGNORECASE)
_MORE: Final = re.compile(r"\b(?:also|too|as well|additionally|another|add)\b", re.IGNORECASE)
_TOP: Final = re.compile(
    r"^(?:(?:show|keep|give|take|use|list|make it|limit (?:it )?to)\s+)?(?:me\s+)?(?:only |just )?(?:the )?"
    r"(?:top|first|best) (?P<n>\d{1,4})(?: (?:rows|results|only|of (?:it|them)|\w+))?(?: only)?$"
    r"|^limit (?:it |the (?:rows|table|result)s? )?to (?P<m>\d{1,4})(?: rows)?$",
    re.IGNORECASE,
)
_LIMIT: Final = re.compile(r"\s*\bLIMIT\s+\d+\s*$", re.IGNORECASE)
_TONE: Final = re.compile(
    r"^(?:make|keep|write|have)\s+(?P<what>it|them|everything|the [\w ]+?)\s+(?P<how>(?:much |a bit |a little )?"
    r"(?:(?:more|less) [\w-]+|shorter|longer|simpler|funnier|friendlier|clearer|formal|informal|short|brief|"
    r"simple|friendly|neutral)|in [A-Z]\w+|(?:about |around |at most |under |max )?[\d,]+ words(?: long)?)$"
    r"|^(?P<length>(?:target|aim for|at most|about|around|max(?:imum)?|under|up to|no more than)\s+[\d,]+\s+words)$"
    r"|^(?P<rule>(?:keep|write) .*\bwords?|(?:be|sound|stay) [\w -]+)$",
)
_FAILS: Final = re.compile(
    r"^(?P<do>stop|end|ask(?: me| us)?|continue|go on|keep going|carry on)(?: everything| the run)? "
    r"(?:when|if|as soon as|even if|although) .*\bfail(?:s|ed)?$",
    re.IGNORECASE,
)


def chart_kind(change: Change, clause: str) -> bool:
    """ "bar chart → line"."""
    match = _ARROW.search(clause) or _CHART.search(clause)
    charts = [task for task in change.tasks if task.type == "data.chart"]
    if match is None or not charts or _MORE.search(clause):
        return False
    words = re.findall(r"[a-z]+", clause.lower())
    kinds = () if _ARROW.search(clause) or "instead" in words else kinds_in(words)
    if set(words) - _CHART_WORDS - ({"and", "both"} if len(kinds) > 1 else set()):
        return False
    for task in charts:
        change.put(given(task, "kind", kinds[0] if len(kinds) > 1 else match["kind"].lower()))
        for kind in kinds[1:]:
            _draw_too(change, task, kind)
    return True


def _draw_too(change: Change, chart: DraftTask, kind: str) -> None:
    """The same chart of another kind beside it, and wherever it is used."""
    path, key = PurePosixPath(value_of(chart, "path")), f"{chart.key}-{kind}"
    beside = str(path.with_name(f"{path.stem}-{kind}{path.suffix}"))
    twin = given(given(chart, "kind", kind), "path", beside)
    twin = twin.model_copy(update={"key": key, "title": f"{chart.title} ({kind})"[:200]})
    tasks: list[DraftTask] = []
    for task in change.tasks:
        also = [one.model_copy(update={"from_task": key}) for one in task.inputs
                if one.from_task == chart.key]  # fmt: skip
        tasks.append(task.model_copy(update={"inputs": (*task.inputs, *also)}))
        if task.key == chart.key:
            tasks.append(twin)
    change.keep(tuple(tasks))


def retitled(change: Change, clause: str) -> bool:
    """'call it "Third quarter"'."""
    quoted = [token.text for token in tokens(clause) if token.kind is Kind.QUOTED]
    if not quoted or not _TITLE.match(clause):
        return False
    for task in change.tasks:
        if task.type == "report.write":
            change.put(given(task, "title", quoted[0]))
    change.draft = change.draft.model_copy(update={"title": quoted[0]})
    return True


def moved(change: Change, clause: str) -> bool:
    """ "save it to x.md instead"."""
    paths = [token.text for token in tokens(clause) if token.kind is Kind.PATH]
    if not paths or not re.search(r"\b(?:to|as|into|in|under|at)\b", clause, re.IGNORECASE):
        return False
    if _MORE.search(clause) or len(paths) > 2 or _CLAUSES.search(clause):
        return False
    read = {one.path for one in change.request.readable}
    if paths[-1] in read and re.search(rf"\bin\s+{re.escape(paths[-1])}", clause, re.IGNORECASE):
        return False  # "chart the revenue in sales.csv" says what is read
    target = _writer(change, clause, paths[-1])
    if target is None:
        return False
    old, path = value_of(target, "path"), paths[-1]
    if path.endswith("/"):
        path = f"{path}{PurePosixPath(old).name}"
    change.put(given(target, "path", path))
    if old:
        for task in change.tasks:
            change.put(task.model_copy(update={"title": task.title.replace(old, path)}))
        said = tuple(one for one in change.draft.assumptions if old not in one)
        change.draft = change.draft.model_copy(update={"assumptions": said})
    return True


def top(change: Change, clause: str) -> bool:
    """ "only the top 5": the rows of the query that is last, or what an author is told."""
    match = _TOP.match(clause)
    if match is None:
        return False
    number = int(match["n"] or match["m"])
    queries = [task for task in change.tasks if task.type == "data.query"]
    if not queries:
        return _told(change, f"Only the top {number}.", "")
    if number < 1:
        raise CannotPlan("That leaves no rows; say a number from 1 on.")
    task = queries[-1]
    sql = value_of(task, "sql")
    if not re.search(r"\bORDER BY\b", sql, re.IGNORECASE):
        raise CannotPlan(
            f"{change.named(task.key)} has no order; say the top {number} by what, in a new request."
        )
    task = given(task, "sql", f"{_LIMIT.sub('', sql)}\nLIMIT {number}")
    bare = re.sub(r"^Top \d+: ", "", task.title)
    change.put(task.model_copy(update={"title": f"Top {number}: {bare}"[:200]}))
    return True


def told(change: Change, clause: str) -> bool:
    """ "make it shorter", "at most 800 words": added to what the author is told."""
    match = _TONE.match(clause)
    if match is None:
        return False
    what = (match["what"] or "").lower()
    where = "" if what in {"", "it", "them", "everything"} else what
    words = clause if match["how"] is None else f"make it {match['how']}"
    return _told(change, f"{words[:1].upper()}{words[1:]}.", where)


def on_failure(change: Change, clause: str) -> bool:
    """ "stop if a step fails"."""
    match = _FAILS.match(clause)
    if match is None:
        return False
    word = match["do"].lower()
    policy = "stop" if word in {"stop", "end"} else "ask" if word.startswith("ask") else "continue"
    change.draft = change.draft.model_copy(update={"on_failure": policy})
    return True


def _told(change: Change, words: str, where: str) -> bool:
    authors = [task for task in change.tasks if task.instruction]
    if where:
        keys = change.meant(where)
        authors = [task for task in authors if task.key in keys]
    chosen = [task for task in authors if task.type == "draft"] or authors[:1]
    if not chosen:
        return False
    task = chosen[0]
    change.put(task.model_copy(update={"instruction": f"{task.instruction}\n\n{words}"}))
    return True


def _writer(change: Change, clause: str, path: str) -> DraftTask | None:
    """The task whose file is meant: named, of that ending, or the last that writes."""
    writers = [
        task
        for task in change.tasks
        if task.type != "files.read" and any(one.name == "path" for one in task.inputs)
    ]
    before = re.split(r"\b(?:to|as|into|in|under|at)\b", clause, maxsplit=1, flags=re.IGNORECASE)[0]
    words = re.sub(r"^\W*(?:please )?(?:save|put|write|store|publish|move|send)\b", " ", before,
                   flags=re.IGNORECASE)  # fmt: skip
    verb = "publish" if re.match(r"\W*publish", clause, re.IGNORECASE) else words
    named = change.meant(verb)
    aimed = [task for task in writers if task.key in named]
    ending = PurePosixPath(path).suffix
    if ending.casefold() in {".png", ".svg", ".jpg", ".jpeg", ".gif"} and not aimed:
        aimed = [task for task in writers if task.type == "data.chart"]
    same = [t for t in writers if PurePosixPath(value_of(t, "path")).suffix == ending]
    return next(iter(aimed or same or writers[-1:]), None)
