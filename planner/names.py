"""Names of things and files: compared without case, the nearest for a slip, unused ones. Pure."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from difflib import get_close_matches
from pathlib import PurePosixPath

from memory.model.agents.spec import AgentSpec
from memory.model.base import name_key
from memory.model.text import text

DATA = frozenset(
    {".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".xlsm", ".xls", ".ods"}
)
SAVED = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xlsx", ".parquet")
"""What a table can be saved as."""
FORMATS: Mapping[str, str] = {
    "csv": ".csv", "tsv": ".tsv", "json": ".json", "jsonl": ".jsonl", "ndjson": ".ndjson", "parquet": ".parquet",
    "excel": ".xlsx", "xlsx": ".xlsx", "xls": ".xlsx", "spreadsheet": ".xlsx", "workbook": ".xlsx",
}  # fmt: skip
"""How people call these, and the ending of each."""
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def nearest(
    name: str, names: Iterable[str], *, limit: int = 3, alike: float = 0.5
) -> tuple[str, ...]:
    """The names most like this one, best first; `alike` is 0 (anything) to 1 (the same)."""
    by_key = {name_key(known): known for known in names}
    keys = get_close_matches(name_key(name), by_key, n=limit, cutoff=alike)
    return tuple(by_key[key] for key in keys)


def is_named(words: str, agent: AgentSpec) -> bool:
    """Whether the words name this agent."""
    return any(
        re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", words, re.IGNORECASE)
        for name in (agent.name, agent.title, *agent.aliases)
        if name
    )


def slug(words: str, *, limit: int = 40) -> str:
    """Lower-case letters, digits and hyphens, for keys and file names; "result" for nothing."""
    plain = _NOT_WORD.sub("-", name_key(words)).strip("-")
    return plain[:limit].rstrip("-") or "result"


def listed(names: Iterable[str], *, word: str = "or") -> str:
    """`a, b or c`."""
    items = list(names)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """The sentence to append, after a space, where other names are near; "" where none is."""
    near = nearest(name, names)
    return f" {text('Did you mean {names}?', names=listed(near))}" if near else ""


def repeated(names: Iterable[str]) -> tuple[str, ...]:
    """The names that are there more than once, in order."""
    return tuple(name for name, count in Counter(names).items() if count > 1)


def quoted(name: str) -> str:
    """The name of a table or column as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def unused(name: str, taken: Container[str], ending: str = "") -> str:
    """The name and its ending, with a number between them where that is taken: "table-2"."""
    unused_name, number = f"{name}{ending}", 2
    while unused_name in taken:
        unused_name, number = f"{name}-{number}{ending}", number + 1
    return unused_name


def is_data(path: str) -> bool:
    """Whether the file's name says that it holds rows."""
    return PurePosixPath(path).suffix.lower() in DATA


def capital(line: str) -> str:
    """The line with a capital first; the rest stays as it is."""
    return f"{line[:1].upper()}{line[1:]}"
