"""The catalogue of texts: every sentence people read, by its English original (gettext).

Render functions take a `Locale` as `_`, so that a translated sentence reads
`_("{count} tasks left").format(count=3)`, and nothing about language is global. `make texts` collects the originals into
`locales/orchestra.pot`; a translation is `locales/CODE/LC_MESSAGES/orchestra.po`, compiled beside it.
"""

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

DOMAIN: Final = "orchestra"
FOLDER: Final = Path(__file__).parent / "locales"


class Spoken(Protocol):
    """What has words for a person: an error, or a Sentence."""

    @property
    def message(self) -> str:
        """The English sentence, its placeholders not yet filled."""
        ...

    @property
    def params(self) -> Mapping[str, object]:
        """What fills them, by name."""
        ...


@dataclass(frozen=True)
class Locale:
    """One reader's language. Called with an English sentence, it gives that sentence in it."""

    code: str
    translations: gettext.NullTranslations

    def __call__(self, message: str) -> str:
        """The sentence, its placeholders not yet filled; in English where it has no translation."""
        return self.translations.gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form of the sentence that goes with the count, its placeholders not yet filled."""
        return self.translations.ngettext(one, many, count)

    def sentence(self, spoken: Spoken) -> str:
        """What an error or a Sentence says."""
        plain = self(spoken.message)
        return plain.format(**spoken.params) if spoken.params else plain


ENGLISH: Final = Locale("en", gettext.NullTranslations())


def locale_of(code: str, *, folder: Path = FOLDER) -> Locale:
    """The locale with this code (`de`, `pt-BR`); English where no translation is installed."""
    found = gettext.translation(DOMAIN, folder, [code.replace("-", "_")], fallback=True)
    return Locale(code, found)
