"""A program changes a repository, and one word in the chat puts all of it back."""

from pathlib import Path

import pytest

from tests.flows.play import Reacts, Said, bot
from tests.flows.whole.program import ExternalAgents, state, whole
from tests.flows.whole.test_whole_progress import CODER
from tests.unit.executor.agents.test_command import WAYS
from tests.unit.executor.test_versions import git

pytestmark = pytest.mark.skipif(not WAYS, reason="neither Landlock nor bubblewrap here")


async def test_undo_puts_back_what_a_program_edited_removed_and_made(tmp_path: Path) -> None:
    outside = ExternalAgents(tmp_path, programs=(CODER.model_copy(update={"writable": True}),))
    outside.files.mkdir()
    names = ("a.txt", "b.txt", "old.txt")
    for name in names:
        (outside.files / name).write_text(name)
    git(outside.files, "init", "-q")
    git(outside.files, "add", ".")
    git(outside.files, "commit", "-q", "-m", "first")
    async with whole("console", outside) as ready:
        await state(
            ready,
            Said("ana", "Have coder fix the parser, do: refactor"),
            bot("1 task", "Waiting for approval"),
            Reacts("ana", "✅"),
            bot("Done in", "changed"),
        )
        assert not (ready.files / "old.txt").exists()
        assert (ready.files / "new.txt").exists()
        await state(ready, Said("ana", "undo"), bot("Put back as before", "old.txt"))
    assert git(outside.files, "status", "--porcelain") == ""
    assert {name: (outside.files / name).read_text() for name in names} == dict(
        zip(names, names, strict=True)
    )
