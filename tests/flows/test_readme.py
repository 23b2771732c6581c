"""The conversation in the README is what people see who try it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SALES = ROOT / "deploy" / "examples" / "sales"
CHANGING = re.compile(r"\b[0-9a-f]{8}\b|\d+(?:\.\d)? (?:s|KB|B)\b")
"""The plan's hash, how long it took, how large the files are."""


def lines(text: str) -> list[str]:
    plain = (" ".join(CHANGING.sub("…", line).split()) for line in text.splitlines())
    return [line for line in plain if line]


def test_the_readme_shows_the_demo_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "sales"
    shutil.copytree(SALES, folder, ignore=shutil.ignore_patterns("reports"))
    orchestra = Path(sys.executable).with_name("orchestra")
    talk = subprocess.run(
        [orchestra, "chat", "--workspace", folder, "--script", folder / "demo.txt"],
        env={**os.environ, "USER": "ana", "LOGNAME": "ana", "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=True,
    )

    shown = iter(lines(talk.stdout))
    transcript = (ROOT / "README.md").read_text().partition("```text\n")[2].partition("```")[0]
    missing = [line for line in lines(transcript) if line not in shown]  # `in` goes on in order
    assert missing == []
