"""A small job changed by what is said next: "and bread", "no, I meant butter", "the other way round".

What ran stays done: the new plan then holds what is wanted beyond it. Pure.
"""

import re
from pathlib import PurePosixPath
from typing import Final

from memory.model.patterns import short
from memory.model.text import text
from planner.draft import Draft, DraftInput, DraftTask
from planner.lexicon.names import LANGUAGES
from planner.lexicon.verbs import orders
from planner.revising.asking import given, value_of

_MORE: Final = short(
    r"(?:(?:and|also|plus|oh|ok|then|und|auch|et|aussi|y|también)[, ]+)+(?:add |put |write )?(?P<words>\S.*?)(?:[, ]+(?:too|as well|also|auch|aussi|también))?",
    re.IGNORECASE,
    most=400,
)
_MEANT: Final = re.compile(
    r"(?:no|nope|sorry|oops|wait|nein|non)?[, ]*(?:i meant|i mean|make (?:it|that)|rather|(?:it )?should (?:be|say|read)|ich meinte|je voulais dire|quise decir) (?P<words>\S.*)"
    r"|not (?P<old>\S.*?)[, ]+(?:but )?(?P<new>\S.*)",
    re.IGNORECASE,
)
_SWAPPED: Final = re.compile(
    r"(?:no,? )?(?:(?:the )?other way (?:round|around|about)|vice versa|reverse (?:it|that)|swap (?:them|it)|the opposite|umgekehrt|andersherum|à l'envers|al revés)",
    re.IGNORECASE,
)
_PAIR: Final = short(
    r"(?:and|also|then)[, ]+(?:replace |change )?(?P<find>\S+) (?:with|by|to) (?P<new>\S+)(?: too| as well)?",
    re.IGNORECASE,
    most=400,
)
_ELSEWHERE: Final = re.compile(
    r"(?:no[, ]+)?(?:(?:i meant )?(?:in|to|into) (?P<path>\S+\.\w{1,5})(?: instead| please)?|(?:and )?(?:the )?same (?:in|for|to) (?P<also>\S+\.\w{1,5}))",
    re.IGNORECASE,
)
_SHOWN: Final = re.compile(
    r"(?:(?:and|ok|so|now|then|please|can you|could you)[, ]+)*(?:(?:show|list|give|tell|print|read|display)(?: me| us)? (?:them|those|these|it|all|the (?:lines|ones|places|hits|matches))(?: all)?"
    r"|which(?: ones| lines| are they)?|what are they|where(?: are they)?|zeig(?:e)?(?: mir)? (?:sie|die)|welche|lesquel(?:le)?s|montre[- ]les(?:[- ]moi)?|cuáles)(?: please)?",
    re.IGNORECASE,
)
"""What was counted is to be seen."""
_NAMED: Final = re.compile(rf"\b(?:{'|'.join(LANGUAGES)})\b", re.IGNORECASE)
_LANGUAGE: Final = re.compile(
    rf"(?:(?:and|also|now|then|please|no|ok|in|into|to|make it|do it|write it|translate (?:it|that))[, ]+)*(?P<language>{'|'.join(LANGUAGES)})(?: too| as well| instead| please)*",
    re.IGNORECASE,
)
_WRITES: Final = {"files.append": "content", "files.write": "content", "chat.remind": "text"}


def again(draft: Draft, clause: str, *, ran: bool) -> Draft | None:
    """The plan of one small job as the words change it; None for any others."""
    line = clause.strip(" .!?")
    language = _LANGUAGE.fullmatch(line)
    if language is not None:
        return _in_language(draft, language["language"].capitalize())
    if len(draft.tasks) != 1:
        return None
    task = draft.tasks[0]
    elsewhere = _ELSEWHERE.fullmatch(line)
    if elsewhere and task.type in {"files.append", "files.replace"}:
        return _one(draft, _put(task, "path", elsewhere["path"] or elsewhere["also"]))
    if task.type == "files.replace":
        return _replacing(draft, task, line)
    if task.type in _WRITES:
        return _writing(draft, task, line, ran=ran)
    return _counted(draft, task, line)


def _counted(draft: Draft, task: DraftTask, line: str) -> Draft | None:
    """The lines with what was counted, where they are asked for."""
    counted = task.type == "text.count" and value_of(task, "containing")
    if not counted or not _SHOWN.fullmatch(line):
        return None
    path, needle = value_of(task, "sources"), value_of(task, "containing")
    title = text("Lines of {path} with “{needle}”", path=path, needle=needle[:60])
    shown = task.model_copy(
        update={"type": "text.lines", "key": "lines", "agent": None, "title": title}
    )
    return draft.model_copy(update={"title": title, "tasks": (shown,), "assumptions": ()})


def _in_language(draft: Draft, language: str) -> Draft | None:
    """What is written, in this language; None where nobody writes."""
    writers = [task for task in draft.tasks if task.instruction]
    if not writers:
        return None
    task = writers[-1]
    told = _NAMED.sub(language, task.instruction)
    if told == task.instruction:
        told = f"{told.rstrip(' .')}. {text('Write it in {language}.', language=language)}"
    title = _NAMED.sub(language, task.title)
    now = task.model_copy(update={"instruction": told, "title": title})
    tasks = tuple(now if other.key == task.key else other for other in draft.tasks)
    return draft.model_copy(update={"tasks": tasks, "title": _NAMED.sub(language, draft.title)})


def _replacing(draft: Draft, task: DraftTask, line: str) -> Draft | None:
    find, new = value_of(task, "find"), value_of(task, "replacement")
    if _SWAPPED.fullmatch(line) and new:
        return _one(draft, _swap(task, new, find))
    pair = _PAIR.fullmatch(line)
    if pair is not None:
        return _one(draft, _swap(task, pair["find"], pair["new"]))
    meant = _MEANT.fullmatch(line)
    if meant is None or not meant["words"]:
        return None
    return _one(draft, _put(task, "replacement", meant["words"]))


def _writing(draft: Draft, task: DraftTask, line: str, *, ran: bool) -> Draft | None:
    name = _WRITES[task.type]
    before = value_of(task, name)
    meant, more = _meant(line, before), _MORE.fullmatch(line)
    if meant:
        if ran and task.type == "files.append":
            return _mended(draft, value_of(task, "path"), before, meant)
        return None if ran else _one(draft, _put(task, name, meant))
    if more is None or task.type == "chat.remind" or orders(more["words"]):
        return None
    if ran:
        added = _put(task, name, more["words"])
        return _one(draft, added.model_copy(update={"type": "files.append"}))
    return _one(draft, _put(task, name, f"{before}\n{more['words']}"))


def _meant(line: str, before: str) -> str:
    """What should have been written instead; "" where nothing is corrected."""
    found = _MEANT.fullmatch(line)
    if found is None:
        return ""
    same = (found["old"] or "").casefold() == before.casefold()
    return found["words"] or (found["new"] if same else "")


def _mended(draft: Draft, path: str, before: str, words: str) -> Draft:
    """What was written in vain is replaced in its file."""
    task = DraftTask(
        key="replace", title="", type="files.replace", inputs=(DraftInput(name="path", value=path),)
    )
    return _one(draft, _swap(task, before, words))


def _swap(task: DraftTask, find: str, new: str) -> DraftTask:
    return given(given(task, "find", find), "replacement", new)


def _put(task: DraftTask, name: str, value: str) -> DraftTask:
    return given(task, name, value)


def _one(draft: Draft, task: DraftTask) -> Draft:
    """The plan of this task alone, named after what it does now."""
    path, words = PurePosixPath(value_of(task, "path")), value_of(task, "find")[:60]
    said = value_of(task, "text")[:100]
    title = {
        "files.replace": text("Replace “{find}” in {path}", find=words, path=path),
        "files.append": text("Add to {path}", path=path),
        "files.write": text("Write {path}", path=path),
        "chat.remind": f"{task.title.partition(': ')[0]}: {said}",
    }[task.type]
    task = task.model_copy(update={"title": title})
    return draft.model_copy(update={"title": title, "tasks": (task,), "assumptions": ()})
