"""The size and the words of the code: what style asks for and no other linter checks.

`python -m tests.lint.shape` is part of `make lint`; it prints what is wrong, and the figures.
"""

import ast
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from radon.complexity import cc_visit

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "planner", "executor", "memory")
MOST_LINES = 400
MOST_MODULES = 15
MOST_COMPLEX = 57
READING = "planner/questions"
MOST_COMPLEX_READING = 190
"""Reading questions to data brought many branches; to come down, too."""
MOST_LINES_OF = {"planner/offline": 4500}
"""Rooms that grow with every sentence that isn't understood, unless somebody stops them."""
MEDIAN_LINES = 100
COMPLEX = 11
"""From here on radon gives a C."""

FROZEN = "migrations/versions"
"""What a database was made with is never edited."""

VAGUE = {"one", "thing", "stuff", "item_", "tmp"}
SILENT = re.compile(
    r"#\s*(?:noqa|type:\s*ignore)(?::\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)?(?:\[[\w\-, ]+\])?\s*$"
)


def modules(*folders: str) -> list[Path]:
    """Every module of the folders that is ours to edit."""
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if FROZEN not in path.as_posix()
    ]


def too_long() -> Iterator[str]:
    """Files of more lines than anybody reads at once."""
    for path in modules(*PACKAGES):
        lines = len(path.read_text().splitlines())
        if lines > MOST_LINES:
            yield f"{_name(path)}: {lines} lines, at most {MOST_LINES}"


def rooms_too_large() -> Iterator[str]:
    """Rooms of more lines than they may have."""
    for folder, most in MOST_LINES_OF.items():
        lines = sum(len(path.read_text().splitlines()) for path in modules(folder))
        if lines > most:
            yield f"{folder}: {lines} lines, at most {most}"


def too_full() -> Iterator[str]:
    """Folders of more modules than `ls` shows at a glance."""
    counted = Counter(
        path.parent for path in modules(*PACKAGES, "tests") if path.name != "__init__.py"
    )
    for folder, count in counted.items():
        if count > MOST_MODULES:
            yield f"{_name(folder)}: {count} modules, at most {MOST_MODULES}"


def vague_loops() -> Iterator[str]:
    """Loop variables that are not named after what they hold."""
    for path in modules(*PACKAGES):
        source = path.read_text()
        vague = VAGUE - {"thing"} if re.search(r"\bThing\b", source) else VAGUE
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
                names = {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
                for name in sorted(names & vague):
                    line = getattr(node, "lineno", node.target.lineno)
                    yield f"{_name(path)}:{line}: name {name} after what it holds"


def silent_ignores() -> Iterator[str]:
    """Lint that is switched off without a reason on the line."""
    for path in modules(*PACKAGES):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if SILENT.search(line):
                yield f"{_name(path)}:{number}: say on the line why this is ignored"


def complex_functions() -> list[str]:
    """Functions that radon ranks C or worse."""
    return [
        f"{_name(path)}:{block.lineno}: {block.name} ({block.complexity})"
        for path in modules(*PACKAGES)
        for block in cc_visit(path.read_text())
        if block.complexity >= COMPLEX and block.letter != "C"
    ]


def main() -> int:
    """Print what is wrong and the figures; gives back 1 where something is."""
    wrong = [*too_long(), *rooms_too_large(), *too_full(), *vague_loops(), *silent_ignores()]
    hard = complex_functions()
    reading = [line for line in hard if line.startswith(READING)]
    others = [line for line in hard if not line.startswith(READING)]
    for found, most in ((reading, MOST_COMPLEX_READING), (others, MOST_COMPLEX)):
        if len(found) > most:
            wrong += [*found, f"{len(found)} complex functions, at most {most}"]
    lines = [len(path.read_text().splitlines()) for path in modules(*PACKAGES)]
    median = statistics.median(lines)
    if median > MEDIAN_LINES:
        wrong.append(f"the median module has {median:.0f} lines, at most {MEDIAN_LINES}")
    print("\n".join(wrong), file=sys.stderr)
    print(
        f"{len(lines)} modules, {sum(lines):,} lines, median {median:.0f}; "
        f"{len(others)} complex functions, {len(reading)} more in {READING}"
    )
    return 1 if wrong else 0


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    sys.exit(main())
