"""The conversations in the README and in the guide are what people see who try them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SALES = ROOT / "deploy" / "examples" / "sales"
TALKING = ROOT / "deploy" / "guides" / "talking.md"
CHANGING = re.compile(r"\b[0-9a-f]{8}\b|\d+(?:\.\d)? (?:s|KB|B)\b")
"""The plan's hash, how long it took, how large the files are."""


def lines(text: str) -> list[str]:
    plain = (" ".join(CHANGING.sub("…", line).split()) for line in text.splitlines())
    return [line for line in plain if line]


def played(folder: Path, script: Path) -> list[str]:
    """What the terminal shows when the script is played in a copy of the sales example."""
    shutil.copytree(SALES, folder, ignore=shutil.ignore_patterns("reports"))
    orchestra = Path(sys.executable).with_name("orchestra")
    talk = subprocess.run(
        [orchestra, "chat", "--workspace", folder, "--script", script],
        env={**os.environ, "USER": "ana", "LOGNAME": "ana", "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "leaked" not in talk.stderr  # what a library finds at the end is nobody's concern
    return lines(talk.stdout)


def missing(transcript: str, shown: list[str]) -> list[str]:
    """The lines that do not come, or not in this order; where they are wrapped doesn't matter."""
    said, place, gone = " ".join(shown), 0, []
    for line in lines(transcript):
        found = said.find(line, place)
        if found < 0:
            gone.append(line)
        else:
            place = found + len(line)
    return gone


def test_the_readme_shows_the_demo_as_it_is(tmp_path: Path) -> None:
    transcript = (ROOT / "README.md").read_text().partition("```text\n")[2].partition("```")[0]
    assert missing(transcript, played(tmp_path / "sales", SALES / "demo.txt")) == []


def test_what_the_guide_says_works_works(tmp_path: Path) -> None:
    transcript = "\n".join(re.findall(r"```text\n(.*?)```", TALKING.read_text(), re.DOTALL))
    script = tmp_path / "talk.txt"
    script.write_text("\n".join(re.findall(r"^ana +(.+)$", transcript, re.MULTILINE)))
    assert missing(transcript, played(tmp_path / "sales", script)) == []
