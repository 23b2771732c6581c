"""Words that say outright that something is to be kept from now on. Pure."""

import re
from typing import Final

LONG: Final = 6

_SLIPS: Final = ("remember", "always", "never", "forget", "prefer")
_NOT_SLIPS: Final = frozenset({"forge", "refer", "alway"})
_LASTING: Final = re.compile(
    r"\b(?:remember|from (?:now|here|today|this (?:day|point|moment)|here on) (?:on(?:wards?)?|out|onwards?)|(?:for )?(?:the )?next time|as of (?:today|now)|henceforth|whatever happens|under no circumstances|in future|in the future|(?:for )?(?:the|all|every) future|future reference|going forward|"
    r"next time|note (?:to|for) (?:self|you)|always|never|don't ever|do not ever|prefer|note that|note:|keep in mind|bear in mind|don't forget|fyi|"
    r"for the record|stop using|learn that|time ?zone|call (?:me|us)|merke? dir|denke? (?:daran|dran)|vergiss nicht|"
    r"ab (?:jetzt|sofort)|von nun an|künftig|in zukunft|zukünftig|immer|nie|niemals|stets|bevorzuge|souviens-toi|"
    r"rappelle-toi|retiens|n'oublie pas|désormais|dorénavant|à partir de maintenant|à l'avenir|toujours|jamais|préfère|"
    r"préférons|recuerda|ten en cuenta|no olvides|de ahora en adelante|a partir de ahora|en (?:el )?futuro|siempre|nunca|"
    r"jamás|prefiero|preferimos)\b",
    re.IGNORECASE,
)

_FORGET: Final = r"(?:forget|forgot|vergiss|vergesst|vergessen|oublie[rz]?|olvid\w+)"
_KEPT: Final = re.compile(
    rf"\b{_FORGET}\b(?:[- ]\w+)?[- ](?:not|nicht|pas)\b"
    rf"|\b(?:don't|do not|didn't|never|not|nie|nicht|ne|no|nunca)\b(?: \w+){{0,2}} {_FORGET}\b|\bn'{_FORGET}\b"
)
"""What isn't to be forgotten: "forget me not", "vergiss mein nicht"."""


def is_kept(text: str) -> bool:
    """Whether it says not to forget: such words never have anything forgotten."""
    return _KEPT.search(text.casefold().replace("’", "'")) is not None


def is_lasting(text: str) -> bool:
    """Whether the words say outright that something holds from now on: nothing is taught else."""
    return _LASTING.search(plainly(text)) is not None


def plainly(text: str) -> str:
    """The words without marks and a "please" before them, slips in those that teach mended."""
    said = " ".join(text.replace("’", "'").replace("`", "").split())
    said = re.sub(r"^(?:please|pls|bitte|hey|hi)[, ]+", "", said, flags=re.IGNORECASE)
    said = re.sub(r"^form now on\b", "from now on", said, flags=re.IGNORECASE)
    first, _, rest = said.partition(" ")
    typed = first.rstrip(":,")
    meant = next((word for word in _SLIPS if _is_slip(typed.casefold(), word)), "")
    return f"{meant}{first[len(typed) :]} {rest}" if meant and rest else said


def _is_slip(typed: str, word: str) -> bool:
    """Whether a letter is missing, doubled or swapped; in a long word, also another one."""
    if typed == word or typed[:1] != word[:1] or typed in _NOT_SLIPS:
        return False
    if len(typed) == len(word):
        return _is_swapped(typed, word)
    short, long = sorted((typed, word), key=len)
    return any(
        long[:at] + long[at + size :] == short
        for size in (1, 2)[: len(word) // 5]
        for at in range(len(long))
    )


def _is_swapped(typed: str, word: str) -> bool:
    """Whether two letters beside each other are swapped; in a long word, also another letter."""
    apart = [at for at, (was, meant) in enumerate(zip(typed, word, strict=True)) if was != meant]
    swapped = len(apart) == 2 and sorted(typed) == sorted(word) and apart[1] - apart[0] == 1
    return swapped or (len(apart) == 1 and len(word) >= LONG)
