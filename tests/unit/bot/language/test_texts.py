"""The check of sentences finds those that cannot be translated or filled."""

import ast

import pytest

from tests.lint.texts import Sentence, _Reader, sentences, template_bytes

ERRORS = {"BadInput": frozenset({"detail"}), "Own": frozenset[str]()}


def problems(source: str) -> list[str]:
    found = _Reader("x.py", ast.parse(source), ERRORS).read()
    return [problem for sentence in found for problem in sentence.problems()]


@pytest.mark.parametrize(
    "source",
    [
        'raise BadInput("There is no file {path}.", path=path, detail=f"{x}")',
        'raise BadInput("It takes " "two lines.")',
        'raise BadInput("{reason}", **params)',
        '_("{n} tasks").format(n=1)',
        'pattern = _("{n} tasks")',
        '_.ngettext("one task", "{n} tasks", n).format(n=n)',
        'count(_, 3, "{n} task", "{n} tasks")',
        'text("SELECT {x}")',
        'from memory.model.text import text\ntext("{n} left", n=2)',
        'class Own(BadInput):\n def __init__(self):\n  super().__init__("{n} left", n=2)',
    ],
)
def test_a_sentence_that_fits_is_passed(source: str) -> None:
    assert problems(source) == []


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ('raise BadInput(f"There is no file {path}.")', "write the sentence itself"),
        ("raise BadInput(sentence)", "write the sentence itself"),
        ('raise BadInput("There is no file {path}.")', "nothing fills path"),
        ('raise BadInput("There is no file.", path=path)', "no place for path"),
        ('_("{n} tasks").format(m=1)', "nothing fills n"),
        ('_("{} tasks").format(n=1)', "without a name"),
        ('count(_, 3, "{n} task", "{m} tasks")', "nothing fills m"),
        ('from memory.model.text import text\ntext("{n} left")', "nothing fills n"),
        ("class Own(BadInput):\n def __init__(self):\n  super().__init__(x)", "write the sentence"),
    ],
)
def test_a_sentence_that_does_not_is_found(source: str, problem: str) -> None:
    assert problem in problems(source)[0]


def test_the_template_does_not_depend_on_the_order_of_files() -> None:
    found = sentences()
    assert template_bytes(found) == template_bytes(found[::-1])
    plural = Sentence("x.py:1", ("{n} task", "{n} tasks"), None)
    assert b'msgid_plural "{n} tasks"' in template_bytes([plural])
