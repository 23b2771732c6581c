"""What every visitor has to fetch, and that nothing of it is missing or inline."""

import gzip
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[4] / "bot/web/static"
SOURCE = STATIC.parent / "frontend/src"
FIRST, ALL = 40_000, 200_000
"""Bytes packed: of the first page, and of all of them (peers ship 4,500,000 and more)."""


def packed(*files: Path) -> int:
    return sum(len(gzip.compress(file.read_bytes())) for file in files)


def named_in_index() -> list[Path]:
    index = STATIC / "index.html"
    names = re.findall(r'(?:src|href)="/([^"]+)"', index.read_text())
    return [index, *(STATIC / name for name in names)]


def test_the_first_page_is_small() -> None:
    assert packed(*named_in_index()) <= FIRST


def test_all_pages_together_are_small() -> None:
    assert packed(*(file for file in STATIC.rglob("*") if file.is_file())) <= ALL


@pytest.mark.parametrize("file", sorted(STATIC.glob("*.js")), ids=lambda file: file.name)
def test_every_part_that_is_fetched_later_is_there(file: Path) -> None:
    wanted = re.findall(r"""["'`](?:\./)?([\w-]+\.(?:js|css))["'`]""", file.read_text())
    assert [name for name in wanted if not (STATIC / name).is_file()] == []


def test_a_strict_policy_has_nothing_to_forbid() -> None:
    index = (STATIC / "index.html").read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", index)
    for file in STATIC.glob("*.js"):
        assert not re.search(r"\beval\(|new Function\(", file.read_text())


def test_no_page_makes_html_of_words() -> None:
    for file in SOURCE.rglob("*.ts*"):
        assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write", file.read_text()), (
            file
        )
