"""Putting other words where literals stand, all at once and as whole words. Pure."""

import re
from collections.abc import Iterable, Mapping


class Replacer:
    """Replaces each form by its other, the longest first.

    A part of a name counts as a word ("revenue" in `total_revenue`), unless the whole name is one
    of `names`: `unit` is not replaced in the column `unit_price`.
    """

    def __init__(self, forms: Mapping[str, str], names: Iterable[str] = ()) -> None:
        self._forms = {form.casefold(): other for form, other in forms.items() if form}
        self._names = {name.casefold() for name in names} - set(self._forms)
        longest = sorted(self._forms, key=len, reverse=True)
        parts = [rf"(?<![^\W_]){re.escape(form)}(?![^\W_])" for form in longest]
        self._pattern = re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)

    def __call__(self, text: str) -> str:
        """The text with every form replaced."""
        return self._pattern.sub(lambda form: self._replaced(text, form), text)

    def finds(self, text: str) -> bool:
        """Whether any form stands in the text."""
        return any(self._replaced(text, form) != form[0] for form in self._pattern.finditer(text))

    def _replaced(self, text: str, form: re.Match[str]) -> str:
        start, end = form.span()
        while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
            start -= 1
        while end < len(text) and (text[end].isalnum() or text[end] == "_"):
            end += 1
        if text[start:end].casefold() in self._names:
            return form[0]
        other = self._forms[form[0].casefold()]
        return other[:1].upper() + other[1:] if _raised(form[0], other) else other


def _raised(old: str, new: str) -> bool:
    """Whether the word stood with a capital at the beginning of a line of its own."""
    return old[:1].isupper() and old[1:].islower() and new.islower()
