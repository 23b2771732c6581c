"""The check of sentences finds those that cannot be translated or filled."""

import ast
from pathlib import Path

import pytest

from bot.language.catalogue import locale_of
from tests.lint.texts import (
    Sentence,
    _Reader,
    compiled,
    misfits,
    sentences,
    template_bytes,
    translations,
)

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


GERMAN = """
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Files: {files}"
msgstr "Dateien: {%s}"

msgid "{n} task"
msgid_plural "{n} tasks"
msgstr[0] "{n} Aufgabe"
msgstr[1] "{n} Aufgaben"
"""


def test_a_translation_is_compiled_and_read(tmp_path: Path) -> None:
    path = tmp_path / "de" / "LC_MESSAGES" / "orchestra.po"
    path.parent.mkdir(parents=True)
    path.write_text(GERMAN % "files")
    ((found, german),) = translations(tmp_path)
    assert list(misfits(found, german)) == []
    path.with_suffix(".mo").write_bytes(compiled(german))
    _ = locale_of("de", folder=tmp_path)
    assert _("Files: {files}") == "Dateien: {files}"
    assert _.ngettext("{n} task", "{n} tasks", 1) == "{n} Aufgabe"
    assert _.ngettext("{n} task", "{n} tasks", 2) == "{n} Aufgaben"
    assert _("It's used up.") == "It's used up."


def test_a_translation_with_another_placeholder_is_found(tmp_path: Path) -> None:
    path = tmp_path / "de" / "LC_MESSAGES" / "orchestra.po"
    path.parent.mkdir(parents=True)
    path.write_text(GERMAN % "dateien")
    ((found, german),) = translations(tmp_path)
    assert "has dateien" in next(misfits(found, german))
