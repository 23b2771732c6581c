"""What an agent says is shown beside its task as code: it calls nobody and formats nothing."""

from bot.language.catalogue import ENGLISH
from bot.platforms.slack.mrkdwn import mrkdwn
from bot.render.runs import progress
from memory.model.work.run import RunView, TaskState, TaskView
from tests.unit.bot.render.test_render import EVIL, FORGED
from tests.unit.bot.samples import plan, task, view

PLAN = plan(task("a", "Fix it", "coder"))


def going(said: str, state: TaskState = TaskState.RUNNING, note: str = "") -> RunView:
    made = view(PLAN, {"a": state}, notes={"a": note})
    words = {"said": said if state is TaskState.RUNNING else ""}
    return made.model_copy(update={"tasks": (made.tasks[0].model_copy(update=words),)})


def line(of: RunView) -> str:
    sections = progress(ENGLISH, of, PLAN).sections
    return next(section.text for section in sections if section.part == "tasks")


def test_words_stand_behind_the_note_as_code() -> None:
    moved = "moved to Coder: Claude timed out"
    assert line(going("npm test", note=moved)) == f"▶ 1 Fix it · coder · {moved} · `npm test`"
    assert "`" not in line(going("npm test", TaskState.SUCCEEDED))


def test_hostile_words_are_only_words() -> None:
    said = line(going(EVIL.replace("\n", " ")))
    words = said.split(" · ")[-1]
    assert not FORGED.search(words)
    assert (words[0], words[-1], words.count("`")) == ("`", "`", 2)
    assert "<!" not in mrkdwn(said)


def test_of_a_list_an_items_words_are_told() -> None:
    made = going("")
    items = tuple(
        TaskView(key=f"a.{n}", title=f"{n}", agent="coder", state=state, said=said)  # type: ignore[arg-type]
        for n, (state, said) in enumerate(
            [(TaskState.SUCCEEDED, "old"), (TaskState.RUNNING, ""), (TaskState.RUNNING, "now")]
        )
    )
    shown = made.model_copy(update={"tasks": (made.tasks[0].model_copy(update={"items": items}),)})
    assert line(shown).endswith("1 of 3 done · `now`")
