"""A plan changed in words, without a model: skip, only, use an agent, another path, chart or title."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from memory.model.agent import AgentKind, AgentSpec, Catalogue
from memory.model.plan import Plan
from planner.draft import Draft, DraftInput, DraftTask
from planner.names import is_named
from planner.offline.lexer import Kind, tokens
from planner.offline.verbs import MODEL_TYPES
from planner.offline.words import NUMBERS
from planner.port import PlanRequest
from planner.redraft import draft_of

_SKIP = re.compile(
    r"\b(?:skip|drop|remove|leave out|omit|delete|without|no need (?:for|of)|don't (?:need|want)|no)\b(?P<what>.*)",
    re.IGNORECASE,
)
_BUT = re.compile(
    r"\b(?:all|everything|every step)\b.*?\b(?:but|except(?: for)?|without)\b(?P<what>.*)",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"^\W*(?:only|just)(?: do| run| keep)? (?:the )?(?:steps?|tasks?)?(?P<what>[\d ,and]+)\W*$",
    re.IGNORECASE,
)
_CHART = re.compile(
    r"\b(?P<kind>bar|line|pie|scatter)s?\b(?! (?:instead of|to|→|->))", re.IGNORECASE
)
_ARROW = re.compile(
    r"\b(?:bar|line|pie|scatter)s?(?: ?charts?)? ?(?:→|->|to|into|becomes) ?(?:an? )?(?P<kind>bar|line|pie|scatter)",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(?:call|title|name|rename)\b.*", re.IGNORECASE)
NOUNS = {
    "chart": "data.chart", "graph": "data.chart", "plot": "data.chart", "picture": "data.chart",
    "report": "report.write", "pdf": "report.render", "html": "report.render",
    "publish": "files.publish", "publishing": "files.publish", "publication": "files.publish",
    "save": "files.write", "saving": "files.write", "summary": "text.summarise",
    "table": "data.query", "query": "data.query", "fetch": "web.fetch",
    "question": "ask", "approval": "ask", "drafts": "draft", "drafting": "draft",
    "reviews": "review", "reviewing": "review", "translation": "translate", "check": "ask",
}  # fmt: skip
NOT_READ = (
    "I could not read that change; I know “skip the chart”, “all but 4”, “use Claude for drafts”, "
    "“save to notes/x.md instead”, “line chart” and “call it …”. Or say the whole request again."
)


def changed(base: Plan, request: PlanRequest, *, fresh: Callable[[PlanRequest], Draft]) -> Draft:
    """The base plan with the last paragraph's change; another reading of all words failing that."""
    words = request.text.strip().rsplit("\n\n", 1)[-1]
    before = draft_of(base)
    after = before
    for edit in (_agents, _skipped, _kept, _chart_kind, _retitled, _moved):
        after = edit(after, words, request.catalogue)
    if not after.tasks:
        return Draft(title="", declined="That leaves nothing to do; say `drop` to forget the plan.")
    if after != before:
        return after
    again = fresh(request.model_copy(update={"base": None}))
    return Draft(title="", declined=NOT_READ) if again.declined else again


def _skipped(draft: Draft, words: str, _: Catalogue) -> Draft:
    match = _BUT.search(words) or _SKIP.search(words)
    if match is None:
        return draft
    gone = _named_tasks(draft, match["what"])
    return _without(draft, gone) if gone else draft


def _kept(draft: Draft, words: str, _: Catalogue) -> Draft:
    match = _ONLY.search(words)
    if match is None:
        return draft
    kept = _with_needs(draft, _numbered(draft, match["what"]))
    return _without(draft, {task.key for task in draft.tasks} - kept) if kept else draft


def _agents(draft: Draft, words: str, catalogue: Catalogue) -> Draft:
    named = [
        one for one in catalogue.agents if one.kind is AgentKind.MODEL and is_named(words, one)
    ]
    if len(named) != 1 or not draft.tasks:
        return draft
    agent = named[0]
    wanted = set(re.findall(r"[a-z]+", words.lower()))
    types = {MODEL_TYPES.get(w.removesuffix("s"), NOUNS.get(w, "")) for w in wanted} - {""}
    types &= set(agent.task_types)
    tasks = tuple(
        task.model_copy(update={"agent": agent.name})
        if _for_model(task, agent) and (task.type in types or not types)
        else task
        for task in draft.tasks
    )
    return draft.model_copy(update={"tasks": tasks})


def _for_model(task: DraftTask, agent: AgentSpec) -> bool:
    return bool(task.instruction) and task.type in agent.task_types


def _chart_kind(draft: Draft, words: str, _: Catalogue) -> Draft:
    match = _ARROW.search(words) or _CHART.search(words)
    if match is None:
        return draft
    kind = match["kind"].lower()
    tasks = (_given(t, "kind", kind) if t.type == "data.chart" else t for t in draft.tasks)
    return draft.model_copy(update={"tasks": tuple(tasks)})


def _retitled(draft: Draft, words: str, _: Catalogue) -> Draft:
    quoted = [token.text for token in tokens(words) if token.kind is Kind.QUOTED]
    if not quoted or not _TITLE.search(words):
        return draft
    tasks = (_given(t, "title", quoted[0]) if t.type == "report.write" else t for t in draft.tasks)
    return draft.model_copy(update={"title": quoted[0], "tasks": tuple(tasks)})


def _moved(draft: Draft, words: str, _: Catalogue) -> Draft:
    paths = [token.text for token in tokens(words) if token.kind is Kind.PATH]
    if not paths or not re.search(r"\b(?:to|as|into|in|under|at)\b", words, re.IGNORECASE):
        return draft
    path = paths[-1]
    named = _named_tasks(draft, words)
    writers = [task for task in draft.tasks if any(one.name == "path" for one in task.inputs)
               and task.type not in {"files.read"}]  # fmt: skip
    aimed = [task for task in writers if task.key in named and task.type != "files.read"]
    same = [task for task in writers if PurePosixPath(_value(task, "path")).suffix ==
            PurePosixPath(path).suffix]  # fmt: skip
    target = next(iter(aimed or same or writers[-1:]), None)
    if target is None:
        return draft
    old = _value(target, "path")
    if path.endswith("/"):
        path = f"{path}{PurePosixPath(old).name}"
    tasks = [_given(task, "path", path) if task.key == target.key else task for task in draft.tasks]
    tasks = [
        task.model_copy(update={"title": task.title.replace(old, path)}) if old else task
        for task in tasks
    ]
    said = tuple(one for one in draft.assumptions if not old or old not in one)
    return draft.model_copy(update={"tasks": tuple(tasks), "assumptions": said})


def _named_tasks(draft: Draft, words: str) -> set[str]:
    """Tasks meant by number, kind, agent or a word of their title."""
    found = _numbered(draft, words)
    if found:
        return found
    said = set(re.findall(r"[a-z]+", words.lower()))
    types = {NOUNS.get(word, NOUNS.get(word.removesuffix("s"), word)) for word in said}
    types |= {
        MODEL_TYPES[word.removesuffix("s")]
        for word in said
        if word.removesuffix("s") in MODEL_TYPES
    }
    return {task.key for task in draft.tasks if task.type in types or task.key in said}


def _numbered(draft: Draft, words: str) -> set[str]:
    numbers = [int(found) for found in re.findall(r"(?<![\w/.-])\d{1,3}(?![\w/.-])", words)]
    numbers += [
        NUMBERS[w] for w in re.findall(r"[a-z]+", words.lower()) if w in NUMBERS and w != "one"
    ]
    return {draft.tasks[n - 1].key for n in numbers if 0 < n <= len(draft.tasks)}


def _with_needs(draft: Draft, keys: set[str]) -> set[str]:
    by_key = {task.key: task for task in draft.tasks}
    todo, kept = list(keys), set(keys)
    while todo:
        task = by_key[todo.pop()]
        needs = {*task.after, *(one.from_task for one in task.inputs if one.from_task)}
        todo += [need for need in needs if need not in kept]
        kept |= needs
    return kept


def _without(draft: Draft, gone: set[str]) -> Draft:
    """Take tasks out; what passed a text on is bridged, what cannot do without them goes too."""
    bridges = {
        task.key: next((one.from_task for one in task.inputs if one.name == "context"), None)
        for task in draft.tasks
        if task.key in gone and task.instruction
    }
    tasks: list[DraftTask] = []
    lost = set(gone)
    for task in draft.tasks:
        if task.key in lost:
            continue
        inputs = [_bridged(one, lost, bridges) for one in task.inputs]
        left = tuple(one for one in inputs if one is not None)
        names = {one.name for one in task.inputs if one.from_task}
        if names and not any(one.from_task for one in left) and not task.instruction:
            lost.add(task.key)
            continue
        after = tuple(need for need in task.after if need not in lost)
        tasks.append(task.model_copy(update={"inputs": left, "after": after}))
    paths = [_value(task, "path") for task in draft.tasks if task.key in lost]
    said = tuple(one for one in draft.assumptions if not any(p and p in one for p in paths))
    return draft.model_copy(update={"tasks": tuple(tasks), "assumptions": said})


def _bridged(one: DraftInput, lost: set[str], bridges: dict[str, str | None]) -> DraftInput | None:
    source = one.from_task
    while source in bridges:
        source = bridges[source]
    if one.from_task and (source is None or source in lost):
        return None
    return one.model_copy(update={"from_task": source}) if one.from_task else one


def _given(task: DraftTask, name: str, value: str) -> DraftTask:
    inputs = [one for one in task.inputs if one.name != name]
    return task.model_copy(update={"inputs": (*inputs, DraftInput(name=name, value=value))})


def _value(task: DraftTask, name: str) -> str:
    return next((one.value or "" for one in task.inputs if one.name == name), "")
