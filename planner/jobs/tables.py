"""Jobs on tables: profiles, reports about a file, exports, files turned into other formats."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final

from memory.model.text import text
from memory.model.work.value import Column, FileInfo
from planner.draft import Draft, DraftInput, DraftTask
from planner.jobs.forms import Match
from planner.jobs.making import Making, OtherWork
from planner.lexicon.words import FUNCTIONS
from planner.names import FORMATS, SAVED, is_data, nearest, quoted, slug
from planner.port import PlanRequest

Plan = Callable[[PlanRequest], Draft]
"""Drafts a question to the data."""

CHARTS: Final = 3
FILES_OFFERED: Final = 4
TEXTS: Final = (".txt", ".md")
_BACK: Final = re.compile(
    r"(?:it|this|that|them|these|those|everything|all|the )*(?:results?|table|numbers|rows|data)?",
    re.IGNORECASE,
)
"""Words for what isn't said here."""
_TOP: Final = ", top 100"
_CAP: Final = re.compile(r"\s*\bLIMIT 100\s*$", re.IGNORECASE)
_LABEL: Final = re.compile(
    r"(?:^|[_\W])(?:id|no|nr|key|code|zip|plz|phone|year)(?:$|[_\W])|[a-z](?:Id|ID)$", re.IGNORECASE
)
_FEW: Final = 8
"""Samples a column has at most; one with fewer distinct values makes a readable chart."""


def profile(making: Making, match: Match, *, focus: str = "all") -> Draft:
    """What is in a table, in sentences and column by column."""
    file = _table(making, match["file"])
    titles = {
        "missing": text("Missing values of {path}", path=file.path),
        "duplicates": text("Duplicates in {path}", path=file.path),
        "outliers": text("Outliers of {path}", path=file.path),
    }
    title = titles.get(focus, text("What is in {path}", path=file.path))
    more = {} if focus == "all" else {"focus": focus}
    making.add("data.describe", title, sources=[file.path], **more)
    if focus in {"all", "missing"}:
        making.add("data.profile", text("Columns of {path}", path=file.path), sources=[file.path])
    return making.drafted(title)


def columns(making: Making, match: Match) -> Draft:
    """The columns of a table."""
    file = _table(making, match["file"])
    making.add("data.profile", text("Columns of {path}", path=file.path), sources=[file.path])
    return making.drafted()


def report(making: Making, match: Match) -> Draft:
    """A report about a whole table: its profile and the charts that suit its columns."""
    file = _table(making, match["file"])
    name = f"{PurePosixPath(file.path.partition('#')[0]).stem}"
    path = match["out"] or f"reports/{slug(name)}.{match['doc'].casefold() or 'md'}"
    rendered = path if path.endswith((".pdf", ".html")) else ""
    path = (
        str(PurePosixPath(path).with_suffix(".md"))
        if rendered or not PurePosixPath(path).suffix
        else path
    )
    if not match["out"]:
        making.assume(text("The report is saved as {path}.", path=rendered or path))
    parts = [
        making.add("data.describe", text("What is in {path}", path=file.path), sources=[file.path]),
        making.add("data.profile", text("Columns of {path}", path=file.path), sources=[file.path]),
    ]
    parts += _charts(making, file, path)
    title = text("Report: {name}", name=name)
    written = making.add(
        "report.write", text("Write {path}", path=path), path=path, title=title, parts=[]
    )
    task = written.model_copy(
        update={"inputs": (*written.inputs, *(_part(task) for task in parts))}
    )
    making.tasks[-1] = task
    if rendered:
        making.add("report.render", text("Render {path}", path=rendered), markdown=task,
                   format=rendered.rpartition(".")[2], path=rendered)  # fmt: skip
    return making.drafted(title)


def _part(task: DraftTask) -> DraftInput:
    return DraftInput(name="parts", from_task=task.key)


def _charts(making: Making, file: FileInfo, report_path: str) -> list[DraftTask]:
    """Rows by each column of few values, and rows over time; none where no column suits."""
    view = _view(file)
    drawn = []
    for column in [column for column in file.columns if _is_charted(column, file.rows or 0)][
        :CHARTS
    ]:
        name, dated = quoted(column.name), column.type.startswith(("DATE", "TIMESTAMP"))
        label = f"date_trunc('month', {name})::DATE" if dated else name
        order = "1" if dated else "2 DESC, 1"
        sql = (
            f'SELECT {label} AS {name}, count(*) AS "rows" FROM {view} WHERE {name} IS NOT NULL '  # noqa: S608 - quoted by quoted()
            f"GROUP BY 1 ORDER BY {order}"
        )
        subject = text("Rows by {column}", column=column.name)
        if dated:
            subject = text("Rows by month of {column}", column=column.name)
        rows = making.add("data.query", subject, sources=[file.path], sql=sql)
        path = str(PurePosixPath(report_path).with_suffix("")) + f"-{slug(column.name)}.png"
        drawn.append(making.add("data.chart", text("Chart: {subject}", subject=subject), table=rows,
                                kind="line" if dated else "bar", path=path, title=subject))  # fmt: skip
    return drawn


def _is_charted(column: Column, rows: int) -> bool:
    if column.type.startswith(("DATE", "TIMESTAMP")):
        return True
    few = 1 < len(column.samples) < _FEW and 2 * len(column.samples) <= rows
    return column.type == "VARCHAR" and few and not _LABEL.search(column.name)


def convert(making: Making, match: Match) -> Draft:
    """A whole table in another format."""
    file = _table(making, match["file"])
    path = _target(match, file.path)
    if path.casefold() == file.path.casefold():
        raise OtherWork
    if not match["out"]:
        making.assume(text("It's saved as {path}.", path=path))
    return _exported(making, file, f"FROM {_view(file)}", path)


def distinct(making: Making, match: Match) -> Draft:
    """A table without rows that come twice, in a file of its own."""
    file = _table(making, match["file"])
    source = PurePosixPath(file.path.partition("#")[0])
    ending = source.suffix if source.suffix.casefold() in SAVED else ".csv"
    proposal = str(source.with_name(f"{source.stem}-unique{ending}"))
    path = match["out"] or making.ask(
        f"unique rows of {file.path}", text("Where should the rows go?"), (proposal,), free=True, matters="effects",
    )  # fmt: skip
    return _exported(making, file, f"SELECT DISTINCT * FROM {_view(file)}", path)  # noqa: S608 - quoted


def export(making: Making, match: Match, *, plan: Plan) -> Draft:
    """What a question to the data gives, all of it, in a file."""
    what, plain = match["what"], match["out"].casefold().endswith(TEXTS)
    if ("bare" in match and not making.fresh) or "what" in match.literal:  # a text, no question
        raise OtherWork
    _require_target(making, match, plain=plain)
    if "within" in match:
        meant = _meant_file(making, match["out"], single_query(making, plan, what))
        if meant:
            return _over(making, plan, f"{what} in {meant}")
    asked = _asked(making, plan, what, sure=plain)
    if asked is None:
        raise OtherWork
    draft, task = asked
    ending = _ending(match)
    path = match["out"] or making.free(f"results/{slug(task.title.removesuffix(_TOP))}{ending}")
    if not match["out"]:
        making.assume(text("It's saved as {path}.", path=path))
    if plain:
        return _told(making, draft, path)
    asked_sql = _given(task, "sql")[-1]
    sql, assumed = _uncapped(asked_sql, draft.assumptions)
    making.add(
        "data.export",
        text("Export: {subject}", subject=_whole(task.title, capped=sql != asked_sql)),
        sources=_given(task, "sources"),
        sql=sql,
        path=path,
    )
    making.assumptions[:0] = assumed
    making.questions.gaps += draft.gaps
    return making.drafted()


def _require_target(making: Making, match: Match, *, plain: bool) -> None:
    """Raises OtherWork where no table can be saved there, or the file is where the data is."""
    out = match["out"].casefold()
    if _BACK.fullmatch(match["what"]) or (out and not plain and not out.endswith(SAVED)):
        raise OtherWork
    if ("new" in match or "within" in match) and (plain or making.exists(out)):
        raise OtherWork


def _given(task: DraftTask, name: str) -> list[str]:
    """The values of the task's inputs of that name."""
    return [given.value or "" for given in task.inputs if given.name == name]


def _meant_file(making: Making, path: str, asked: tuple[Draft, DraftTask] | None) -> str:
    """The file whose data is meant by "in cars.csv", which isn't there; "" where the result is to
    be saved under that name. `asked`: what the words ask without it.
    """
    known = {
        PurePosixPath(file.path).stem: file.path
        for file in reversed(making.request.readable)
        if file.columns
    }
    if not known:
        raise OtherWork
    save = text("none of them: save the result as {path}", path=path)
    alike = [known[stem] for stem in nearest(PurePosixPath(path).stem, known, alike=0.7)]
    read = _given(asked[1], "sources") if asked else []
    options = [*dict.fromkeys([*alike, *read, *reversed(known.values())])][:FILES_OFFERED]
    question = text("There's no file {path}. Which one do you mean?", path=path)
    answer = making.ask(f"data file {path}", question, (*options, save), matters="effects")
    return "" if answer == save else answer


def _over(making: Making, plan: Plan, words: str) -> Draft:
    draft = plan(making.request.model_copy(update={"text": words}))
    if draft.declined:
        raise OtherWork
    return draft.model_copy(update={"gaps": (*making.questions.gaps, *draft.gaps)})


def deliver(making: Making, match: Match, *, plan: Plan) -> Draft:
    """Other work whose result is wanted in the thread, where results go anyhow."""
    if _BACK.fullmatch(match["what"]):
        raise OtherWork
    draft = plan(making.request.model_copy(update={"text": match["what"]}))
    if draft.declined or any(task.type == "files.publish" for task in draft.tasks):
        raise OtherWork
    stated = text("The result is posted in this thread.")
    return draft.model_copy(update={"assumptions": (*draft.assumptions, stated)})


def _told(making: Making, draft: Draft, path: str) -> Draft:
    """The question's few rows as a text."""
    rows = draft.tasks[0]
    making.tasks.append(rows)
    title = text("Write {path}", path=path)
    if path.casefold().endswith(".md"):
        making.add("report.write", title, path=path, title=rows.title, parts=rows)
    else:
        making.add("files.write", title, path=path, content=rows)
    making.assumptions[:0] = draft.assumptions
    making.questions.gaps += draft.gaps
    return making.drafted(rows.title)


def _asked(making: Making, plan: Plan, what: str, *, sure: bool) -> tuple[Draft, DraftTask] | None:
    """The question to the data; `sure`: words may be meant as they are, so it has to be plain."""
    for way in ("{}",) if sure else ("{}", "show {}", "list {}", "show all {}"):
        asked = single_query(making, plan, way.format(what))
        if asked is not None:
            return None if sure and (asked[0].gaps or not _names_data(making, what)) else asked
    return None


def _names_data(making: Making, what: str) -> bool:
    """Whether the words name a column, a file or a measure."""
    words = set(re.findall(r"\w+", what.casefold()))
    columns = (column.name for file in making.request.readable for column in file.columns)
    names = " ".join([*columns, *(file.path for file in making.request.readable)]).casefold()
    return bool(words & {*re.findall(r"[^\W_]+", names), *FUNCTIONS})


def single_query(making: Making, plan: Plan, words: str) -> tuple[Draft, DraftTask] | None:
    """The draft of a question to the data that is a single query."""
    draft = plan(making.request.model_copy(update={"text": words}))
    if draft.declined or len(draft.tasks) != 1 or draft.tasks[0].type != "data.query":
        return None
    return draft, draft.tasks[0]


def _uncapped(sql: str, assumptions: tuple[str, ...]) -> tuple[str, list[str]]:
    """The query without the limit that only a chat needs."""
    capped = [line for line in assumptions if "100 rows" in line]
    if not capped or not _CAP.search(sql):
        return sql, list(assumptions)
    return _CAP.sub("", sql), [line for line in assumptions if line not in capped]


def _whole(title: str, *, capped: bool) -> str:
    """The title without the limit that only a chat needs."""
    return title.removesuffix(_TOP) if capped else title


def _exported(making: Making, file: FileInfo, sql: str, path: str) -> Draft:
    title = text("Export {source} to {path}", source=file.path, path=path)
    making.add("data.export", title, sources=[file.path], sql=sql, path=path)
    return making.drafted()


def _table(making: Making, words: str) -> FileInfo:
    file = making.table(words)
    if words and not is_data(file.path.partition("#")[0]):
        raise OtherWork
    return file


def _target(match: Match, source: str) -> str:
    """Where it goes: as named, or beside the source with another ending."""
    path = match["out"]
    if path and PurePosixPath(path).suffix.casefold() in SAVED:
        return path
    if path and not match["format"]:
        raise OtherWork  # into a PDF, say
    folder, _, sheet = source.partition("#")
    stem = PurePosixPath(folder).with_suffix("")
    beside = f"{stem}-{slug(sheet)}" if sheet else str(stem)
    return f"{path or beside}{_ending(match)}"


def _ending(match: Match) -> str:
    if "some" in match or "bare" in match:
        return ".csv"
    name = match["format"].casefold().removeprefix(".")
    return FORMATS.get(name, f".{name}") if name else PurePosixPath(match["out"]).suffix.casefold()


def _view(file: FileInfo) -> str:
    return quoted(PurePosixPath(file.path).stem)
