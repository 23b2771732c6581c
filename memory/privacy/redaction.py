"""The one redactor: in front of the store, of every log and every send (law 8).

The shapes of secrets are data (`shapes.toml`); beside them count the values of the settings, however
they are written, and whatever is given to a name such as `password` or `api_key` and looks random.
"""

import base64
import html
import json
import math
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from urllib.parse import quote

from pydantic import JsonValue

MARK = "•••"
"""Stands where a secret stood."""

SHORTEST = 6
"""Known values of fewer characters are left alone: blotting out "none" would spoil every text."""

ENCODED = 12
"""Known values of fewer characters are not looked for in base64 or hex."""

KEY_CHARS, KEY_BITS = 16, 3.0
"""What is given to a name such as `token` is a secret from so many characters and bits of entropy each."""

KEYED = "value of a key or password"
KNOWN = "key of this installation"

_ASSIGNED = re.compile(
    r"(?P<keep>(?P<what>passwor[dt]|passwd|passphrase|passwort"
    r"|contraseña|mot de passe|pwd|secret|token|credentials?|(?:api|access|secret|private|signing"
    r"|encryption|master|client|account)[ _.-]?key)[\"'`]?"
    r"(?:\s?(?:[:=]|:=|=>)\s?|\s(?:is|ist|lautet|es|est)(?: now)?:? )[\"'`]?)"
    r"(?P<value>[^\s\"'`•,;<>{}()\[\]\\]{8,200})",
    re.IGNORECASE,
)
_KEYWORD = re.compile(r"pass|pwd|ecret|oken|redential|key|contrase", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"^[$%<{]|^(?:x+|\*+|\.+)$|your|example|placeholder|changeme|redacted|dummy|sample|insert|secret:|^env\b|"
    r"\.(?:env|get|com|org|csv|md|txt|py|json|toml)\b|^https?:|^[\w-]+(?:\.[A-Za-z_]\w*)+$|\(\)$",
    re.IGNORECASE,
)

_NAME = re.compile(r"(?:(?:[a-z]{2,}|[A-Z]{2,}|[A-Z][a-z]+|\d{1,4})(?:[_./-]|$))+$")
"""Words and short numbers: a name, a path, a version."""


@dataclass(frozen=True)
class Shape:
    """What secrets of one issuer look like. Tried only where one of `needs` is in the text."""

    name: str
    needs: tuple[str, ...]
    pattern: re.Pattern[str]

    def found(self, text: str) -> bool:
        """Whether the text may hold one at all."""
        return any(need in text for need in self.needs)


@cache
def shapes() -> tuple[Shape, ...]:
    """Every shape there is, read once."""
    raw = resources.files("memory.privacy").joinpath("shapes.toml").read_text(encoding="utf-8")
    return tuple(
        Shape(
            name=row["name"],
            needs=tuple(row["needs"]),
            pattern=re.compile(
                row["pattern"] if row.get("inside") else f"(?<!\\w)(?:{row['pattern']})"
            ),
        )
        for row in tomllib.loads(raw)["shape"]
    )


@dataclass(frozen=True)
class Found:
    """A secret in a text, and what kind it looks like, in words."""

    kind: str
    value: str = field(repr=False)


class Redactor:
    """Blots out known secrets, however written, and whatever is shaped like one.

    What it gives back holds no known secret of `SHORTEST` characters or more, and redacting it
    again changes nothing.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms: frozenset[str] = frozenset()
        self._known: re.Pattern[str] | None = None
        self.learn(*secrets)

    def learn(self, *secrets: str) -> None:
        """Blot out these values, too, from now on."""
        forms = self._forms.union(*map(_forms, secrets))
        if forms != self._forms:
            longest_first = sorted(forms, key=lambda form: (-len(form), form))
            self._known = re.compile("|".join(map(re.escape, longest_first)))
            self._forms = forms

    def __call__(self, text: str) -> str:
        """The text without its secrets."""
        while (clean := self._once(text)) != text:
            text = clean  # a mark may bring two halves together; each round finds less
        return text

    def found(self, text: str) -> tuple["Found", ...]:
        """The secrets in the text that aren't known yet, each once."""
        if self._known is not None:
            text = self._known.sub(MARK, text)
        hits = list[Found]()
        for shape in shapes():
            if shape.found(text):
                hits += [Found(shape.name, _value(hit)) for hit in shape.pattern.finditer(text)]
                text = shape.pattern.sub(_blot, text)
        for hit in _ASSIGNED.finditer(text):
            if _assigned(hit) != hit.group():
                hits.append(Found(hit["what"].casefold(), hit["value"].rstrip(".!?")))
        return tuple(dict.fromkeys(hit for hit in hits if hit.value and MARK not in hit.value))

    def kinds(self, text: str) -> tuple[str, ...]:
        """What kinds of secrets the text holds, in words."""
        return tuple(dict.fromkeys(self._kinds(text)))

    def clean(self, value: JsonValue) -> JsonValue:
        """The value with every text in it redacted, names of fields included."""
        said = json.dumps(value, ensure_ascii=False)
        return value if self(said) == said else self._inside(value)

    def _inside(self, value: JsonValue) -> JsonValue:
        match value:
            case str():
                return self(value)
            case dict():
                return {self(key): self._given(key, item) for key, item in value.items()}
            case list():
                return [self._inside(item) for item in value]
            case _:
                return value

    def _given(self, key: str, value: JsonValue) -> JsonValue:
        if not isinstance(value, str):
            return self._inside(value)
        named = f"{key}: {value}"
        return self(value) if self(named) == named else self(named).removeprefix(f"{key}: ")

    def _kinds(self, text: str) -> Iterator[str]:
        if self._known is not None and self._known.search(text):
            yield KNOWN
        for shape in shapes():
            if shape.found(text) and any(
                _blot(hit) != hit.group() for hit in shape.pattern.finditer(text)
            ):
                yield shape.name
        if any(_assigned(hit) != hit.group() for hit in _ASSIGNED.finditer(text)):
            yield KEYED

    def _once(self, text: str) -> str:
        if len(text) < SHORTEST:
            return text
        if self._known is not None:
            text = self._known.sub(MARK, text)
        for shape in shapes():
            if shape.found(text):
                text = shape.pattern.sub(_blot, text)
        if _KEYWORD.search(text):
            text = _ASSIGNED.sub(_assigned, text)
        return re.sub("•{4,}", MARK, text)


def redact(text: str, secrets: Collection[str] = ()) -> str:
    """The text without the known secrets and whatever is shaped like one."""
    return Redactor(secrets)(text)


def _forms(secret: str) -> set[str]:
    """How the value may be written: as it is, in URLs, JSON, HTML, base64 (at any offset) and hex."""
    bare = secret.strip()
    forms = {secret, bare, quote(secret, safe=""), json.dumps(secret)[1:-1], html.escape(secret)}
    if len(bare) >= ENCODED:
        raw = bare.encode()
        forms |= {raw.hex(), raw.hex().upper()}
        for offset in range(3):
            coded = base64.b64encode(b"\0" * offset + raw).decode().rstrip("=")
            # The first and last characters hold bits of what stands beside it.
            whole = coded[
                math.ceil(offset * 8 / 6) : len(coded) - (1 if (offset + len(raw)) % 3 else 0)
            ]
            forms |= {whole, whole.replace("+", "-").replace("/", "_")}
    return {form for form in forms if len(form) >= SHORTEST and form != MARK}


def _blot(match: re.Match[str]) -> str:
    kept = match.groupdict()
    return f"{kept.get('keep') or ''}{MARK}{kept.get('after') or ''}"


def _value(match: re.Match[str]) -> str:
    """What is blotted out of the match."""
    kept = match.groupdict()
    end = len(match.group()) - len(kept.get("after") or "")
    return match.group()[len(kept.get("keep") or "") : end]


def _assigned(match: re.Match[str]) -> str:
    value = match["value"].rstrip(".!?")
    if not _random(value, match["what"].casefold()):
        return match.group()
    return f"{match['keep']}{MARK}{match['value'][len(value) :]}"


def _random(value: str, what: str) -> bool:
    """Whether the value looks like a secret rather than a word, a path or a stand-in."""
    if _PLACEHOLDER.search(value) or not any(letter.isdigit() for letter in value):
        return False
    if what.startswith(("pass", "pwd", "contra", "mot")):
        return any(letter.isalpha() for letter in value)
    return len(value) >= KEY_CHARS and entropy(value) >= KEY_BITS and not _NAME.match(value)


def entropy(text: str) -> float:
    """Shannon's entropy of the characters, in bits each."""
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
