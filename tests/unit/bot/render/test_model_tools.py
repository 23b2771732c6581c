"""Tools that a model may use by itself are in the plan's message."""

import pytest
from pydantic import JsonValue

from bot.language.catalogue import ENGLISH
from bot.render.plans.model_tools import lent_words
from memory.model.work.graph import Const, Task


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (["files.read"], ["may use `files.read` by itself"]),
        ("files.read", ["may use `files.read` by itself"]),
        ([], []),
        (None, []),
    ],
)
def test_they_are_named(value: JsonValue, words: list[str]) -> None:
    task = Task.model_validate(
        {
            "key": "t", "title": "T", "type": "research", "agent": "claude",
            "inputs": {"tools": Const(value=value)},
        }
    )  # fmt: skip
    assert lent_words(ENGLISH, task) == words
    assert lent_words(ENGLISH, task.model_copy(update={"inputs": {}})) == []
