"""The sentences people read: collects them for translators, and checks that they can be translated.

`python -m tests.lint.texts` is part of `make lint`; with `--write` it is `make texts`.
"""

import ast
import io
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "planner", "executor", "memory")
LOCALES = ROOT / "bot/language/locales"
TEMPLATE = LOCALES / "orchestra.pot"
ERRORS = ("OrchestraError", "SendFailed")
PASS_THROUGH = {
    "bot/chat.py:__init__",
    "memory/model/text.py:text",
    "memory/model/errors.py:__init__",
    "bot/language/catalogue.py:sentence",
    "bot/language/words.py:count",
}
"""Functions that hand on a sentence that was written elsewhere."""

MARKERS = {"text", "sentence", "Denied"}
NOT_A_WORD = re.compile(r"[\W\d_]*")
COUNT_PLACEHOLDER = {"n"}


@dataclass(frozen=True)
class Sentence:
    """What one call says. `forms` has the singular and the plural, or one form; empty where the
    call's argument is no literal. `given` names what fills the placeholders, None if unknown.
    """

    where: str
    forms: tuple[str, ...]
    given: frozenset[str] | None

    def problems(self) -> Iterator[str]:
        """What keeps it from being translated or filled."""
        if not self.forms:
            yield f"{self.where}: write the sentence itself here, as one string without f"
            return
        try:
            names = [placeholders(form) for form in self.forms]
        except ValueError as error:
            yield f"{self.where}: {error} in “{self.forms[-1]}”"
            return
        if self.given is not None:
            for name in sorted(frozenset().union(*names) - self.given):
                yield f"{self.where}: nothing fills {name} of “{self.forms[-1]}”"
            for name in sorted(self.given - names[-1]):
                yield f"{self.where}: “{self.forms[-1]}” has no place for {name}"


def placeholders(message: str) -> frozenset[str]:
    """The names in braces. Raises ValueError for braces that are not closed or have no name."""
    names = frozenset(name for _, name, _, _ in Formatter().parse(message) if name is not None)
    if not all(name.isidentifier() for name in names):
        raise ValueError("a placeholder without a name")
    return names


def sentences(root: Path = ROOT) -> list[Sentence]:
    """Every sentence of the packages, in the order of the files."""
    trees = {
        path.relative_to(root).as_posix(): ast.parse(path.read_text())
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
        if "migrations/versions" not in path.as_posix()
    }
    errors = _errors(trees.values())
    return [
        sentence for path, tree in trees.items() for sentence in _Reader(path, tree, errors).read()
    ]


def catalog(found: Iterable[Sentence]) -> Catalog:
    """The sentences as a template for translators."""
    made = Catalog(project="orchestra", charset="utf-8")
    for sentence in sorted(found, key=lambda sentence: sentence.forms):
        if sentence.forms and not NOT_A_WORD.fullmatch(sentence.forms[0]):
            made.add(sentence.forms if len(sentence.forms) > 1 else sentence.forms[0])
    return made


def template_bytes(found: Iterable[Sentence]) -> bytes:
    """`orchestra.pot`: nothing in it changes but with the sentences."""
    out = io.BytesIO()
    write_po(out, catalog(found), omit_header=True, no_location=True, sort_output=True, width=100)
    head = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    return head + out.getvalue()


def translations(locales: Path = LOCALES) -> Iterator[tuple[Path, Catalog]]:
    """Every translation there is. Raises what Babel says of a file it cannot read."""
    for path in sorted(locales.glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            yield path, read_po(file, locale=path.parts[-3], abort_invalid=True)


def misfits(path: Path, translated: Catalog) -> Iterator[str]:
    """Translations with a placeholder that their sentence does not have."""
    for message in translated:
        known = placeholders("".join(_forms(message.id)))
        for form in _forms(message.string):
            for name in sorted(placeholders(form) - known) if message.id else ():
                yield f"{path.name} ({path.parts[-3]}): “{form}” has {name}, the English has not"


def compiled(translated: Catalog) -> bytes:
    """What gettext reads."""
    out = io.BytesIO()
    write_mo(out, translated)
    return out.getvalue()


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _errors(trees: Iterable[ast.Module]) -> Mapping[str, frozenset[str]]:
    """The error classes that take a sentence, with the names of their other arguments."""
    classes = [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    known: dict[str, frozenset[str]] = {}
    for _ in classes:  # until nothing new comes: a class may stand before its base
        before = len(known)
        for node in classes:
            bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
            inherited = next((known[base] for base in bases if base in known), None)
            if node.name in ERRORS or inherited is not None:
                known[node.name] = _options(node) | (inherited or frozenset())
        if len(known) == before:
            break
    return known


def _options(node: ast.ClassDef) -> frozenset[str]:
    made = (
        item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"
    )
    return frozenset(argument.arg for item in made for argument in item.args.kwonlyargs)


class _Reader:
    """Finds the sentences of one module."""

    def __init__(self, path: str, tree: ast.Module, errors: Mapping[str, frozenset[str]]) -> None:
        self._path, self._tree, self._errors = path, tree, errors
        self._formatted = {
            node.func.value: node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "format"
        }
        self._collects = any(
            isinstance(node, ast.ImportFrom) and node.module == "memory.model.text"
            for node in tree.body
        )

    def read(self) -> Iterator[Sentence]:
        for node in self._nodes(self._tree):
            if isinstance(node, ast.ClassDef) and node.name in self._errors:
                yield from self._own(node)
            if isinstance(node, ast.Call):
                yield from self._call(node)

    def _nodes(self, node: ast.AST) -> Iterator[ast.AST]:
        yield node
        for child in ast.iter_child_nodes(node):
            name = child.name if isinstance(child, ast.FunctionDef) else ""
            if f"{self._path}:{name}" not in PASS_THROUGH:
                yield from self._nodes(child)

    def _own(self, node: ast.ClassDef) -> Iterator[Sentence]:
        """What a class of errors says by itself, with super().__init__."""
        for call in self._nodes(node):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__":
                yield self._sentence(call, call.args[:1], self._given(call, node.name))

    def _call(self, node: ast.Call) -> Iterator[Sentence]:
        if node.args and handed_on(node.args[0]):
            return
        match node.func:
            case ast.Name(id="_"):
                yield self._sentence(node, node.args[:1], self._filled(node))
            case ast.Attribute(value=ast.Name(id="_"), attr="ngettext"):
                yield self._sentence(node, node.args[:2], self._filled(node))
            case ast.Name(id="count") if len(node.args) == 4:
                yield self._sentence(node, node.args[2:], frozenset(COUNT_PLACEHOLDER))
            case ast.Name(id="later") if self._collects:
                yield self._sentence(node, node.args[:1], None)
            case ast.Name(id=name) if node.args and self._says(name):
                yield self._sentence(node, node.args[:1], self._given(node, name))

    def _says(self, name: str) -> bool:
        """Whether a call of this name takes a sentence first: an error, or one of our markers."""
        return name in self._errors or (self._collects and name in MARKERS)

    def _sentence(
        self, node: ast.Call, arguments: list[ast.expr], given: frozenset[str] | None
    ) -> Sentence:
        literal = all(
            isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            for argument in arguments
        )
        forms = tuple(argument.value for argument in arguments) if literal else ()
        return Sentence(f"{self._path}:{node.lineno}", forms, given)

    def _given(self, node: ast.Call, name: str) -> frozenset[str] | None:
        names = [keyword.arg for keyword in node.keywords]
        if None in names:
            return None
        return frozenset(names) - self._errors.get(name, frozenset())

    def _filled(self, node: ast.Call) -> frozenset[str] | None:
        """What `.format(…)` right after the call gives; unknown where it stands elsewhere."""
        format_call = self._formatted.get(node)
        return None if format_call is None else self._given(format_call, "")


def handed_on(argument: ast.expr) -> bool:
    """Whether the sentence was written elsewhere: in a table of sentences, or by `text(…)` here."""
    match argument:
        case ast.Subscript(value=ast.Name(id=name)) | ast.Name(id=name):
            return name.isupper()
        case ast.Attribute(attr="message"):
            return True
        case ast.Call(func=ast.Name(id="text" | "later")):
            return True
        case _:
            return False


def main(arguments: list[str]) -> int:
    """Write the template and the compiled translations, or say what is not in order."""
    found, translated = sentences(), list(translations())
    problems = [problem for sentence in found for problem in sentence.problems()]
    problems += [problem for pair in translated for problem in misfits(*pair)]
    template = template_bytes(found)
    if "--write" in arguments:
        LOCALES.mkdir(exist_ok=True)
        TEMPLATE.write_bytes(template)
        for path, messages in translated:
            path.with_suffix(".mo").write_bytes(compiled(messages))
    elif not TEMPLATE.is_file() or TEMPLATE.read_bytes() != template:
        problems.append(f"{TEMPLATE.relative_to(ROOT)} is out of date; run `make texts`")
    print(*problems, sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
