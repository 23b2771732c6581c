"""Jobs on a list of things to do: items put on it, ticked off, taken off, shown and counted."""

import re
from collections.abc import Callable
from typing import Final

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.draft import CannotPlan, Draft
from planner.jobs.forms import Match
from planner.jobs.making import DOCUMENTS, Making, OtherWork, is_list, is_todo, stem
from planner.jobs.tables import single_query
from planner.jobs.textfiles.texts import append
from planner.lexicon.verbs import orders
from planner.names import is_data, nearest
from planner.port import PlanRequest

Plan = Callable[[PlanRequest], Draft]

OPEN: Final = "[ ]"
"""What stands before an item that isn't done, as Markdown has it."""
_PLACE: Final = re.compile(
    r"(?:the )?(?:first|second|third|last|next|top|bottom|\d{1,3}(?:st|nd|rd|th)?)(?: (?:item|line|entry|one|point|task|todo))?",
    re.IGNORECASE,
)
DONE: Final = "[x]"
_RESULT: Final = re.compile(
    r"^(?:it|this|that|them|these|those|(?:a|the) (?:new )?(?:row|column|line|section|heading))\b|:|\b(?:results?|chart|table|numbers|total|sum|average|count|summary|report|text|words?|saying)\b",
    re.IGNORECASE,
)
"""Words that may mean what comes of other work, or how it is to be written."""


def note(making: Making, match: Match) -> Draft:
    """Something to be remembered, and the file it is to stand in, whichever comes first."""
    words = match["words"] or match["quote"]
    if "pronoun" in match and "told" not in match and _is_ordered(making, words, match["file"]):
        raise OtherWork  # what comes of the order is to be written, not the order
    path = _begun(making, match["file"]) or _file(making, match["file"]).path
    if not path.casefold().endswith(DOCUMENTS):
        raise OtherWork
    making.assume(text("“{words}” is written word for word.", words=words))
    literal = frozenset({"words"} if match.literal & {"words", "quote"} else ())
    return append(making, Match({"words": words, "file": path}, literal))


def item(making: Making, match: Match, *, plan: Plan) -> Draft:
    """One more item of a list that is there: "add feed the cat to todo.md"."""
    words, found = match["words"], making.called(match["file"])
    if "words" in match.literal or len(found) != 1 or not is_list(found[0].path):
        raise OtherWork
    if any(map(is_data, words.split())):
        raise OtherWork
    return _figure(making, match, plan) if _RESULT.search(words) else note(making, match)


def _figure(making: Making, match: Match, plan: Plan) -> Draft:
    """ "add total sales to todo.md": the words, or what the data says of them; that is asked."""
    words, path = match["words"], making.called(match["file"])[0].path
    asked = single_query(making, plan, words)
    if asked is None or asked[0].gaps:
        raise OtherWork
    draft, task = asked
    plain = text("the words “{words}”", words=words[:60])
    figure = text("what it comes to: {title}", title=task.title[:60])
    question = text("What should I add to {path}?", path=path)
    if making.ask(f"added to {path}", question, (plain, figure), matters="effects") == plain:
        return note(making, match)
    making.tasks.append(task)
    making.assumptions += draft.assumptions
    title = text("Add to {path}", path=path)
    making.add("files.append", title, path=path, content=task, item="true")
    return making.drafted()


def _begun(making: Making, words: str) -> str:
    """The path of a list that isn't there yet, nor one of nearly that name; "" for any other."""
    path = words.strip().strip("`\"'")
    if not path.casefold().endswith(DOCUMENTS) or " " in path or making.called(path):
        return ""
    there = {stem(file.path) for file in making.request.readable}
    return "" if nearest(stem(path), there, alike=0.7) else path


def _refuse_order(words: str) -> None:
    """Raises OtherWork where what comes of an order is to be written, and not the order."""
    if orders(words) or any(map(is_data, words.split())):
        raise OtherWork


def _is_ordered(making: Making, words: str, path: str) -> bool:
    """Whether the words order something whose result is to be saved, rather than being noted."""
    there = "." not in path or any(file.path == path for file in making.request.readable)
    return not there or orders(words) or any(map(is_data, words.split()))


def tick(making: Making, match: Match) -> Draft:
    """An item is done, or is open again."""
    file, words = _ticked(making, match), match["words"] or match["quote"]
    before, after = (DONE, OPEN) if "open" in match else (OPEN, DONE)
    title = (
        text("Open “{words}” again in {path}", words=words[:60], path=file.path)
        if "open" in match
        else text("Tick off “{words}” in {path}", words=words[:60], path=file.path)
    )
    find, replacement = f"{before} {words}", f"{after} {words}"
    making.add("files.replace", title, path=file.path, find=find, replacement=replacement)
    return making.drafted()


def _ticked(making: Making, match: Match) -> FileInfo:
    """The list that is named; the only document where no file is called like a list."""
    there = [file for file in making.request.readable if file.path.casefold().endswith(DOCUMENTS)]
    if match["file"] or len(there) != 1 or is_todo(there[0].path):
        return _file(making, match["file"])
    making.assume(text("The file is {path}.", path=there[0].path))
    return there[0]


def take_off(making: Making, match: Match) -> Draft:
    """An item goes, with its whole line."""
    file, words = _file(making, match["file"]), match["words"] or match["quote"]
    if _PLACE.fullmatch(words):
        raise CannotPlan("Say by its words which item to take off {path}.", path=file.path)
    title = text("Lines of {path} without “{needle}”", path=file.path, needle=words[:60])
    lines = making.add("text.lines", title, sources=[file.path], without=words)
    making.add("files.write", text("Write {path}", path=file.path), path=file.path, content=lines)
    making.assume(text("Every line of {path} with “{words}” goes.", path=file.path, words=words))
    return making.drafted(text("Take “{words}” off {path}", words=words[:60], path=file.path))


def show(making: Making, match: Match) -> Draft:
    """What is still to be done, or what is done."""
    file, mark = _file(making, match["file"]), DONE if "done" in match else OPEN
    title = (
        text("What is done in {path}", path=file.path)
        if "done" in match
        else text("What is open in {path}", path=file.path)
    )
    if "count" in match:
        making.add("text.count", title, sources=[file.path], containing=mark)
    else:
        making.add("text.lines", title, sources=[file.path], containing=mark)
    making.assume(text("Such lines are marked with “{mark}”.", mark=mark))
    return making.drafted()


def _file(making: Making, words: str) -> FileInfo:
    """The list that is named; the only list of things to do where none is."""
    if words:
        file = making.text_file(words)
        if is_data(file.path):
            raise OtherWork
        return file
    lists = [file for file in making.request.readable if is_todo(file.path)]
    if len(lists) != 1:
        raise OtherWork
    making.assume(text("The file is {path}.", path=lists[0].path))
    return lists[0]
