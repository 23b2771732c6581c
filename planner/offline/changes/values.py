"""What is told and where it goes: another path, chart, title, length, tone, number of rows."""

import re
from itertools import product
from pathlib import PurePosixPath
from typing import Final

from memory.model.text import text
from planner.draft import CannotPlan, Draft, DraftInput, DraftTask
from planner.lexicon.tokens import Kind, texts_of, tokens
from planner.lexicon.words import word_set
from planner.missing.charts import refused
from planner.names import FORMATS, SAVED, slug, unused
from planner.offline.changes.change import Change
from planner.questions.about import spec_of
from planner.revising.asking import asking, given, value_of
from planner.revising.onward import THAT
from planner.tools import ABOUT, CHART, CHARTING, RENDER, chart_kinds

_KINDS: Final = "bar|line|pie|scatter"
_CHART: Final = re.compile(rf"\b(?P<kind>{_KINDS})s?\b(?! (?:instead of|to|→|->))", re.IGNORECASE)
_ARROW: Final = re.compile(
    rf"\b(?:{_KINDS})s?(?: ?charts?)? ?(?:→|->|to|into|becomes) ?(?:an? )?(?P<kind>{_KINDS})",
    re.IGNORECASE,
)
_CHART_WORDS: Final = word_set(
    "bar bars line lines pie pies scatter scatters chart charts plot graph diagram make it a an the as",
    "use draw instead of to into in becomes change turn switch be should want i kind type with for show",
    "them that this those have get like prefer rather better no please",
)
_AND_SO: Final = word_set(
    "and add also please can you me my i d like would of that this result results too visualise visualize"
)
_EXPORT: Final = re.compile(
    r"^(?:also |and )?(?:(?:save|export|give|send|put|write|make|get|download|convert|turn|store|i (?:want|need|d like))\s+)?(?:me\s+)?"
    rf"(?:{THAT}\s+)?(?:(?:to|into|as|in)\s+)(?:an?\s+)?"
    rf"(?:(?P<format>\.?(?:{'|'.join(FORMATS)}))(?:\s+(?:file|sheet|table|format))?"
    r"|(?P<path>\S+\.(?:csv|tsv|jsonl?|ndjson|xlsx|parquet)))(?:\s+(?:too|as well|please|instead))?$",
    re.IGNORECASE,
)
_SEVERAL: Final = _CHART_WORDS | {"and", "both"}
_TITLE: Final = re.compile(
    r"^(?:call|title|name|rename)\b[\w ]*[\"“‘'`][^\"”’'`]+[\"”’'`]$", re.IGNORECASE
)
_TO: Final = re.compile(r"\b(?:to|as|into|in|under|at)\b", re.IGNORECASE)
_JOINED: Final = re.compile(
    r",|\b(?:and|but|unless|if|when|while|until|because|since|so)\b", re.IGNORECASE
)
_MORE: Final = re.compile(r"\b(?:also|too|as well|additionally|another|add)\b", re.IGNORECASE)
_SAVE: Final = re.compile(r"^\W*(?:please )?(?:save|put|write|store|move|send)\b", re.IGNORECASE)
_PUBLISH: Final = re.compile(r"\W*publish", re.IGNORECASE)
_IT: Final = re.compile(
    rf"(?:(?:no|yes|ok|okay|please|rather|better|rename|call|name|change|and|then|but|instead|i meant?|of|the (?:file|path|name|result)|{THAT})\b[, ]*)*",
    re.IGNORECASE,
)
"""Words that name nothing but what there is."""
PICTURES: Final = frozenset({".png", ".svg", ".jpg", ".jpeg", ".gif"})
BINARY: Final = PICTURES | {".xlsx", ".parquet", ".pdf", ".docx"}
"""What no text can be written into."""
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
    r"|^(?:target|aim for|at most|about|around|max(?:imum)?|under|up to|no more than)\s+[\d,]+\s+words$"
    r"|^(?:(?:keep|write) .*\bwords?|(?:be|sound|stay) [\w -]+)$",
)
_FAILS: Final = re.compile(
    r"^(?:(?P<stop>stop|end)|(?P<ask>ask(?: me| us)?)|(?P<continue>continue|go on|keep going|carry on))"
    r"(?: everything| the run)? (?:when|if|as soon as|even if|although) .*\bfail(?:s|ed)?$",
    re.IGNORECASE,
)


def _kinds_said(clause: str) -> tuple[str, ...]:
    """The kinds that charts are to be of; none where the clause says anything else."""
    clause = re.sub(
        r"\bcolumns?(?= ?(?:chart|graph|plot|diagram)|s\b)", "bar", clause, flags=re.IGNORECASE
    )
    match = _ARROW.search(clause) or _CHART.search(clause)
    if match is None or _MORE.search(clause):
        return ()
    words = re.findall(r"[a-z]+", clause.lower())
    instead = match.re is _ARROW or "instead" in words
    several = () if instead else chart_kinds(words)
    if several[1:]:
        return several if set(words) <= _SEVERAL else ()
    return (match["kind"].lower(),) if set(words) <= _CHART_WORDS else ()


def chart_kind(change: Change, clause: str) -> bool:
    """ "bar chart → line"."""
    kinds = _kinds_said(clause)
    if not kinds:
        return False
    charts = change.of_type(CHART.name)
    for task in charts:
        change.give(task, "kind", kinds[0])
    for task, kind in product(charts, kinds[1:]):
        _draw_too(change, task, kind)
    return bool(charts)


def charted(change: Change, clause: str) -> bool:
    """ "as a pie chart": a chart of the newest table of a plan that has none."""
    words = re.findall(r"[a-z]+", clause.lower())
    tables = change.of_type("data.query", "data.profile")
    known = _CHART_WORDS | CHARTING | _AND_SO
    if not set(words) & CHARTING or not set(words) <= known or change.of_type(CHART.name):
        return False
    if not tables or not change.request.catalogue.able(CHART.name):
        return False
    table, kinds = tables[-1], chart_kinds(words) or ("auto",)
    title = text("Chart: {subject}", subject=table.title)
    for kind in kinds:
        ending = f"-{kind}" if len(kinds) > 1 else ""
        path = f"charts/{slug(table.title)}{ending}.png"
        inputs = (DraftInput(name="table", from_task=table.key), DraftInput(name="kind", value=kind),
                  DraftInput(name="title", value=table.title), DraftInput(name="path", value=path))  # fmt: skip
        _add(change, CHART.name, title, inputs, f"chart{ending}")
        change.assume(text("The chart is saved as {path}.", path=path))
    return True


def restyled(change: Change, clause: str) -> bool:
    """ "bigger please": how a chart looks is the same for all. Raises CannotPlan."""
    told = refused(clause) if change.of_type(CHART.name) else ""
    if told:
        raise CannotPlan("{reason}", reason=told)
    return False


def _can_export(change: Change) -> bool:
    saved = change.of_type("files.write", "data.export")
    return not saved and bool(change.request.catalogue.able("data.export"))


def _all_rows(query: DraftTask, draft: Draft) -> str:
    """The query's SQL, without the limit that is there only for the chat."""
    capped = any("100 rows" in line for line in draft.assumptions)
    sql = value_of(query, "sql")
    return _LIMIT.sub("", sql) if capped else sql


def exported(change: Change, clause: str) -> bool:
    """ "as excel", "save it as out.parquet": the newest table of a plan that writes no file of it."""
    match, queries = _EXPORT.match(clause), change.of_type("data.query")
    if match is None or not queries or not _can_export(change):
        return False
    query = queries[-1]
    name = (match["format"] or "").lower().removeprefix(".")
    path = match["path"] or f"results/{slug(query.title)}{FORMATS.get(name)}"
    inputs = (
        *(source for source in query.inputs if source.name == "sources"),
        DraftInput(name="sql", value=_all_rows(query, change.draft)),
        DraftInput(name="path", value=path),
    )
    _add(change, "data.export", text("Save to {path}", path=path), inputs, "export")
    if not match["path"]:
        change.assume(text("It's saved as {path}.", path=path))
    return True


def _add(change: Change, type_: str, title: str, inputs: tuple[DraftInput, ...], key: str) -> None:
    """One more task at the end, its key not used before."""
    key = unused(key, set(change.keys))
    task = DraftTask(key=key, title=title[:200], type=type_, inputs=inputs)
    change.keep((*change.tasks, task))


def _draw_too(change: Change, chart: DraftTask, kind: str) -> None:
    """The same chart of another kind beside it, and wherever it is used."""
    path, key = PurePosixPath(value_of(chart, "path")), f"{chart.key}-{kind}"
    beside = str(path.with_name(f"{path.stem}-{kind}{path.suffix}"))
    twin = given(given(chart, "kind", kind), "path", beside)
    twin = twin.model_copy(update={"key": key, "title": f"{chart.title} ({kind})"[:200]})
    tasks: list[DraftTask] = []
    for task in change.tasks:
        also = [source.model_copy(update={"from_task": key}) for source in task.inputs
                if source.from_task == chart.key]  # fmt: skip
        tasks.append(task.model_copy(update={"inputs": (*task.inputs, *also)}))
        if task.key == chart.key:
            tasks.append(twin)
    change.keep(tuple(tasks))


def retitled(change: Change, clause: str) -> bool:
    """'call it "Third quarter"'."""
    quoted = texts_of(tokens(clause), Kind.QUOTED)
    if not quoted or not _TITLE.match(clause):
        return False
    for task in change.of_type("report.write"):
        change.give(task, "title", quoted[0])
    change.update(title=quoted[0])
    return True


def moved(change: Change, clause: str) -> bool:
    """ "save it to x.md instead"."""
    path = _new_path(change, clause)
    target = _writer(change, clause, path) if path else None
    if target is None:
        return False
    old = value_of(target, "path")
    if path.endswith("/"):
        path = f"{path}{PurePosixPath(old).name}"
    change.give(target, "path", path)
    for task in change.tasks if old else ():
        change.put(task, title=task.title.replace(old, path))
    change.forget([old])
    return True


def _new_path(change: Change, clause: str) -> str:
    """The path something goes to from now on; "" where the clause is about something else."""
    paths = texts_of(tokens(clause), Kind.PATH)
    if not 0 < len(paths) <= 2 or not _TO.search(clause):
        return ""
    if _MORE.search(clause) or _JOINED.search(clause):
        return ""
    path = paths[-1]
    read = {file.path for file in change.request.readable}
    if path in read and re.search(rf"\bin\s+{re.escape(path)}", clause, re.IGNORECASE):
        return ""  # "chart the revenue in sales.csv" says what is read
    return path


def _writer(change: Change, clause: str, path: str) -> DraftTask | None:
    """The task whose file is meant: named, of that ending, or the last that writes."""
    writers = [t for t in change.tasks if t.type != "files.read" and value_of(t, "path")]
    before = _SAVE.sub(" ", _TO.split(clause, maxsplit=1)[0]).strip(" ,")
    keys = change.intended("publish" if _PUBLISH.match(clause) else before)
    if keys or _is_there(before, writers):
        return _fitting(writers, keys, path)
    return None  # "write hello to a.txt": something else goes there


def _fitting(writers: list[DraftTask], keys: list[str], path: str) -> DraftTask | None:
    """Of tasks that write, one of those with the keys, one of that ending, or the last."""
    ending = PurePosixPath(path).suffix.casefold()
    fitting = (
        lambda task: task.key in keys,
        lambda task: ending in PICTURES and task.type == CHART.name,
        lambda task: PurePosixPath(value_of(task, "path")).suffix.casefold() == ending,
        lambda task: task is writers[-1] and _can_end(task, ending),
    )
    return next((task for fits in fitting for task in writers if fits(task)), None)


def _can_end(task: DraftTask, ending: str) -> bool:
    """Whether what the task writes may be in a file with this ending."""
    if task.type == "data.export":
        return not ending or ending in SAVED
    if task.type in {CHART.name, RENDER.name}:
        return not ending or PurePosixPath(value_of(task, "path")).suffix.casefold() == ending
    return ending not in BINARY


def _is_there(words: str, writers: list[DraftTask]) -> bool:
    """Whether they name nothing but what these tasks write."""
    paths = texts_of(tokens(words), Kind.PATH)
    for path in paths:
        words = words.replace(path, " ")
    written = {value_of(task, "path") for task in writers}
    return written.issuperset(paths) and _IT.fullmatch(words.strip()) is not None


def top(change: Change, clause: str) -> bool:
    """ "only the top 5": the rows of the query that is last, or what an author is told."""
    match = _TOP.match(clause)
    if match is None:
        return False
    number = int(match["n"] or match["m"])
    queries = change.of_type("data.query")
    if not queries:
        return _tell(change, f"Only the top {number}.", "")
    if number < 1:
        raise CannotPlan("That leaves no rows. Choose a number of at least 1.")
    task = queries[-1]
    sql = value_of(task, "sql")
    spec = spec_of(value_of(task, ABOUT))
    listed = spec is not None and not spec.measures
    if not listed and not re.search(r"\bORDER BY\b", sql, re.IGNORECASE):
        raise CannotPlan("{task} isn't sorted. Send a new request that says what the top {number} are ranked by.",
                 task=change.named(task.key), number=number)  # fmt: skip
    bare = re.sub(r"^Top \d+: ", "", task.title)
    title = text("Top {number}: {title}", number=number, title=bare)[:200]
    if spec is not None:
        limited = spec.model_copy(update={"limit": number})
        change.draft = asking(change.draft, task, limited, title)
        return True
    change.put(given(task, "sql", f"{_LIMIT.sub('', sql)}\nLIMIT {number}"), title=title)
    return True


def told(change: Change, clause: str) -> bool:
    """ "make it shorter", "at most 800 words": added to what the author is told."""
    match = _TONE.match(clause)
    if match is None:
        return False
    what = (match["what"] or "").lower()
    where = "" if what in {"it", "them", "everything"} else what
    words = clause if match["how"] is None else f"make it {match['how']}"
    return _tell(change, f"{words[:1].upper()}{words[1:]}.", where)


def _tell(change: Change, words: str, where: str) -> bool:
    authors = [task for task in change.tasks if task.instruction]
    if where:
        keys = change.intended(where)
        authors = [task for task in authors if task.key in keys]
    chosen = [task for task in authors if task.type == "draft"] or authors[:1]
    for task in chosen[:1]:
        change.put(task, instruction=f"{task.instruction}\n\n{words}")
    return bool(chosen)


def on_failure(change: Change, clause: str) -> bool:
    """ "stop if a step fails"."""
    match = _FAILS.match(clause)
    if match is not None:
        change.update(on_failure=match.lastgroup)
    return match is not None
