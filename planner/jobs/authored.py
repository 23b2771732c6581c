"""Work that somebody has to think of, said as people say it: "come up with", "what's … in French"."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final

from memory.model.text import text
from planner.draft import CannotPlan, Draft
from planner.jobs.both import joined
from planner.jobs.forms import Match
from planner.jobs.making import Making, OtherWork
from planner.lexicon.names import LANGUAGES
from planner.names import is_data
from planner.port import PlanRequest

Plan = Callable[[PlanRequest], Draft]

_TITLE_CHARS: Final = 80


def thought_of(making: Making, match: Match, *, plan: Plan) -> Draft:
    """Ideas, names, jokes: an agent's work, in the person's own words."""
    wanted = match["what"] or match["words"] or making.request.text
    if any(making.called(word) and is_data(word) for word in wanted.split()):
        raise OtherWork  # ideas about a table are a question to data first
    return _told(making, f"brainstorm {wanted}", plan)


def translated(making: Making, match: Match, *, plan: Plan) -> Draft:
    """A phrase in another language."""
    words = match["quote"] or match["words"] or match["file"]
    if match["file"] and not making.called(words):
        raise OtherWork
    if any(is_data(word) for word in words.split()):
        raise OtherWork
    return _told(
        making,
        f"translate {words if match['file'] else f'“{words}”'} into {match['language'].capitalize()}",
        plan,
    )


def in_languages(making: Making, match: Match, *, plan: Plan) -> Draft:
    """A text in several languages, each in a file of its own."""
    named = re.findall("|".join(LANGUAGES), match["languages"], re.IGNORECASE)
    file = PurePosixPath(making.text_file(match["file"]).path)
    if len(named) < 2 or is_data(str(file)):
        raise OtherWork
    whole: Draft | None = None
    for language in dict.fromkeys(name.capitalize() for name in named):
        path = making.free(str(file.with_stem(f"{file.stem}-{language.casefold()}")))
        order = f"translate {file} into {language} and save it to {path}"
        draft = plan(making.request.model_copy(update={"text": order}))
        if draft.declined:
            said = making.request.text.strip()
            return draft.model_copy(update={"declined": draft.declined.replace(order, said)})
        stated = (
            *draft.assumptions,
            text("{language} is saved as {path}.", language=language, path=path),
        )
        draft = draft.model_copy(update={"assumptions": stated})
        whole = draft if whole is None else joined(whole, draft)
    assert whole is not None
    return whole.model_copy(update={"title": text("Translate {path}", path=file)})


def proofread(making: Making, match: Match, *, plan: Plan) -> Draft:
    """The slips of a text mended, by who writes."""
    file = making.text_file(match["file"])
    if is_data(file.path):
        raise OtherWork
    draft = plan(making.request.model_copy(update={"text": f"proofread {file.path}"}))
    said = making.request.text.strip()
    if draft.declined:
        return draft.model_copy(
            update={"declined": draft.declined.replace(f"proofread {file.path}", said)}
        )
    return draft


def compared(making: Making, match: Match) -> Draft:
    """Two texts beside each other: nothing here can say how they differ."""
    names = [making.text_file(match[name]).path for name in ("file", "other")]
    if any(is_data(name) for name in names):
        raise OtherWork
    raise CannotPlan(
        "I can't compare two texts without a language model. I can show {one} or {other}, count "
        "their lines and words, or put both into one file.",
        one=names[0], other=names[1],
    )  # fmt: skip


def _told(making: Making, order: str, plan: Plan) -> Draft:
    said = making.request.text.strip()
    draft = plan(making.request.model_copy(update={"text": order}))
    if draft.declined:
        return draft.model_copy(update={"declined": draft.declined.replace(order, said)})
    if len(draft.tasks) != 1 or not draft.tasks[0].instruction:
        raise OtherWork
    task = draft.tasks[0].model_copy(update={"instruction": said, "title": said[:_TITLE_CHARS]})
    return draft.model_copy(update={"title": text("{words}", words=said[:_TITLE_CHARS]), "tasks": (task,)})  # fmt: skip
