"""What a start must not wait for isn't loaded by it."""

import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import json, sys
from bot.cli import main
try:
    main()
except SystemExit:
    pass
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
"""
LIBRARIES = {"chromadb", "dbos", "duckdb", "langgraph", "onnxruntime", "openai", "pandas", "psycopg",
             "pyarrow", "matplotlib", "mcp", "slack_bolt", "discord", "sqlglot", "tokenizers"}  # fmt: skip
"""Each takes a tenth of a second or more."""


def loaded(folder: Path, *arguments: str) -> set[str]:
    """The packages that the program has loaded when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env=os.environ | {"ORCHESTRA_OLLAMA_URL": ""},
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    *_, modules = done.stderr.strip().splitlines()
    return set(json.loads(modules))


def test_a_greeting_is_answered_without_a_heavy_library(tmp_path: Path) -> None:
    script = tmp_path / "hello.txt"
    script.write_text("hello\n")
    found = loaded(tmp_path, "chat", "--data", str(tmp_path / "data"), "--script", str(script))
    assert "sqlalchemy" in found  # it did run
    assert found & LIBRARIES == set()


def test_the_version_is_told_without_any_library(tmp_path: Path) -> None:
    found = loaded(tmp_path, "--version")
    assert "bot" in found
    assert found & {*LIBRARIES, "pydantic", "sqlalchemy", "typer", "structlog"} == set()
