"""An answer without what people say around it, and the option that a place means. Pure."""

import re
from typing import Final

from memory.model.patterns import short

_BEFORE: Final = re.compile(
    r"^(?:(?:well|hm+|um+|uh+|ok|okay|oh|ah|so|sorry|no|maybe|perhaps|probably|please|actually|rather|then|definitely|"
    r"i(?: (?:mean|meant|think|guess|want|prefer|choose|pick|take|say)|'d (?:say|go (?:with|for)|like|prefer|take)|'ll take|"
    r" would (?:say|like|prefer|take))|"
    r"let(?:'s| us)(?: (?:take|use|say|go (?:with|for)|try))?|(?:go|going) (?:with|for)|(?:take|use|choose|pick|try|make it)|"
    r"it(?:'s| is)|that(?:'s| is)|by|per|for|"
    r"nimm|nehmen wir|ich (?:meine|meinte|nehme|möchte|glaube)|vielleicht|wahrscheinlich|lieber|bitte|nach|also|äh+|"
    r"prends|prenons|je (?:veux dire|pense|crois|prends|voudrais)|plutôt|peut-être|disons|"
    r"toma|usa|quiero decir|creo que|quizás?|tal vez|prefiero|mejor)[\s,:.…-]+)+",
    re.IGNORECASE,
)
_ARTICLE: Final = re.compile(
    r"^(?:the|an?|der|die|das|den|dem|le|la|les|l'|el|los|las)\s*(?<=[\s'])", re.IGNORECASE
)
_AFTER: Final = short(
    r"(?:(?<![\s,.!?…-])[\s,.!?…-]++(?:i (?:guess|think|suppose|mean|would say)|i'd say|please|pls|thanks|thank you|thx|cheers|then|maybe|"
    r"probably|for now|if possible|bitte|danke|denke ich|glaube ich|vielleicht|s'il (?:te|vous) pla[iî]t|svp|stp|merci|"
    r"je pense|je crois|por favor|gracias|creo|supongo))+[\s.!?…]*$|(?<![\s.!?…])[\s.!?…]++$",
    re.IGNORECASE,
)
_ORDINALS: Final = (
    r"first|1st|former|erste[nrs]?|premi(?:er|ère)|primer[oa]?",
    r"second|2nd|latter|zweite[nrs]?|deuxième|seconde?|segund[oa]",
    r"third|3rd|dritte[nrs]?|troisième|tercer[oa]?",
    r"fourth|4th|vierte[nrs]?|quatrième|cuart[oa]",
    r"fifth|5th|fünfte[nrs]?|cinquième|quint[oa]",
    r"sixth|6th|sechste[nrs]?|sixième|sext[oa]",
)
_THING: Final = r"(?:option|one|choice|answer|möglichkeit|antwort|choix|réponse|opción|respuesta)"
_PLACES: Final = (
    *(
        (place, re.compile(rf"^(?:{words})(?: {_THING})?$"))
        for place, words in enumerate(_ORDINALS)
    ),
    (-1, re.compile(rf"^(?:last|letzte[nrs]?|derni(?:er|ère)|últim[oa])(?: {_THING})?$")),
)
_COUNTED: Final = re.compile(
    rf"^(?:{_THING}|number|no\.?|nr\.?|nummer|numéro|número|#)\s*#?(?P<number>\d|[a-f])$"
)


def bare(text: str) -> str:
    """The answer without hedges, thanks and politeness; all the words where nothing else is left."""
    plain = " ".join(text.replace("’", "'").split())
    left = _AFTER.sub("", _BEFORE.sub("", plain))
    return left.strip(" ,") or plain


def without_article(text: str) -> str:
    """The words without the article before them."""
    return _ARTICLE.sub("", text)


def place(text: str) -> int | None:
    """The place that the words mean, from 0, -1 the last; None where they mean none."""
    plain = without_article(bare(text).casefold().strip(" .!`'\"*“”"))
    plain = re.sub(rf"^{_THING} (?=\D{{2}})", "", plain)
    counted = _COUNTED.match(plain)
    if counted is not None:
        number = counted["number"]
        return int(number) - 1 if number.isdecimal() else ord(number) - ord("a")
    return next((at for at, words in _PLACES if words.match(plain)), None)
