"""The one redactor, in front of every log and every send (law 8)."""

import json
import re
from collections.abc import Collection, Iterable
from urllib.parse import quote

MARK = "•••"
"""Stands where a secret stood."""

SHORTEST = 6
"""Known values of fewer characters are left alone: blotting out "none" would spoil every text."""

# A group named `keep` and one named `after` stay; all else of the match goes. Shapes as their
# makers publish them; those that words could have by chance must hold a digit.
_SHAPES = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    r"\bsk-(?=[\w-]*\d)[\w-]{16,}",  # OpenAI, Anthropic, many after them
    r"\bxai-(?=\w*\d)\w{16,}",
    r"\bAIza[\w-]{30,}",  # Google
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",  # Amazon
    r"\bxox[a-z](?:\.xox[a-z])?-[\w-]{8,}",  # Slack
    r"\bxapp-[\w-]{8,}",
    r"\bhooks\.slack\.com/(?:services|workflows|triggers)/[\w/-]+",
    r"\bgh[opusr]_\w{20,}",  # GitHub
    r"\bgithub_pat_\w{20,}",
    r"\bglpat-[\w-]{16,}",  # GitLab
    r"\bdiscord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d+/[\w-]+",
    r"\b[A-Za-z\d_-]{23,28}\.[\w-]{6}\.[\w-]{27,}",  # Discord's bot tokens
    r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*",  # signed web tokens
    r"(?P<keep>\b(?i:bearer|basic) )(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}",
    r"(?P<keep>\b[a-z][a-z\d+.-]*://[^\s/:@•]*:)[^\s/@•]+(?P<after>@)",  # a password in a URL
    r"(?P<keep>\b(?i:api[_-]?key|access[_-]?token|client[_-]?secret|password|passwd)"
    r"[\"']?\s?[:=]\s?[\"']?)(?=[^\s\"'•]*\d)[^\s\"'•,;]{8,}",
)


class Redactor:
    """Blots out known secrets, however written, and whatever is shaped like one.

    What it gives back holds no known secret of `SHORTEST` characters or more, and redacting it
    again changes nothing.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {form for secret in secrets for form in _forms(secret)}
        longest_first = sorted(known, key=lambda form: (-len(form), form))
        self._known = re.compile("|".join(map(re.escape, longest_first))) if known else None
        self._shapes = tuple(re.compile(shape) for shape in _SHAPES)

    def __call__(self, text: str) -> str:
        """The text without its secrets."""
        while (clean := self._once(text)) != text:
            text = clean  # a mark may bring two halves together; each round finds less
        return text

    def _once(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(MARK, text)
        for shape in self._shapes:
            text = shape.sub(_blot, text)
        return re.sub("•{4,}", MARK, text)


def redact(text: str, secrets: Collection[str] = ()) -> str:
    """The text without the known secrets and whatever is shaped like one."""
    return Redactor(secrets)(text)


def _forms(secret: str) -> set[str]:
    forms = {secret, secret.strip(), quote(secret, safe=""), json.dumps(secret)[1:-1]}
    return {form for form in forms if len(form) >= SHORTEST and form != MARK}


def _blot(match: re.Match[str]) -> str:
    kept = match.groupdict()
    return f"{kept.get('keep') or ''}{MARK}{kept.get('after') or ''}"
