"""Rooms that are entered when the first word is for them."""

import asyncio
import subprocess
import sys

from bot.later import Later

HEAVY = "numpy", "yaml", "alembic", "chromadb", "langgraph", "dbos", "onnxruntime", "duckdb"
PROGRAM = """
import sys, tempfile
from pathlib import Path
from bot.cli.chat import chat
from bot.config.settings import load
with tempfile.TemporaryDirectory() as folder:
    script = Path(folder) / "said.txt"
    script.write_text("hello")
    settings = load(data=Path(folder) / "data", workspace=Path(folder))
    assert chat(settings, script=script, name="ana") == 0
print("loaded:", *sorted(name for name in sys.modules if "." not in name))
"""


async def test_a_module_is_imported_by_the_first_call_of_one_of_its_functions() -> None:
    sys.modules.pop("tests.unit.bot.workers.entered", None)
    room = Later("tests.unit.bot.workers.entered")
    assert "tests.unit.bot.workers.entered" not in sys.modules
    said = await asyncio.gather(*(room.said(number, twice=True) for number in range(3)))
    assert said == [0, 2, 4]


def test_a_greeting_in_a_new_folder_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert "Hello!" in done.stdout
    loaded = done.stdout.rpartition("loaded:")[2].split()
    assert not {*HEAVY} & {*loaded}
