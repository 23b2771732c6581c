"""Whether the words are English, as far as the grammar must know. Pure."""

import re

from memory.model.text import text
from planner.lexicon.words import word_set

_WORDS = {
    "German": "und der die das den dem nicht einen einem einer weg über lass mache wie aus ist mit für auf ein eine bitte datei erstelle zeige lade schreibe nach dann von",
    "French": "et le les des une est pas avec pour sur dans fichier charge montre écris veuillez puis par du au",
    "Spanish": "y el los las una es con para por archivo carga muestra escribe favor luego del al según",
    "Italian": "e il gli una con carica mostra scrivi poi della di nel",
    "Portuguese": "e o os uma com para por arquivo carregue mostre escreva depois da do no",
}
_ENGLISH = word_set(
    "the a an and of to in it by for from with total chart write load show is this that please file then"
)


def other_language(request: str) -> str:
    """A sentence that asks for English, or "" where the text may well be."""
    words = re.findall(r"[^\W\d_]+", request.casefold())
    if not words:
        return ""
    letters = "".join(words)
    foreign = sum(1 for letter in letters if ord(letter) > 0x2AF) > len(letters) / 3
    english = len(set(words) & _ENGLISH)
    best = max(len(set(words) & set(line.split())) for line in _WORDS.values())
    if not foreign and (best < 2 or best <= english):
        return ""
    return only_english()


def english_words(request: str) -> int:
    """How many words of the request only English has."""
    return len(set(re.findall(r"[^\W\d_]+", request.casefold())) & (_ENGLISH - {"in", "a", "an"}))


def only_english() -> str:
    """The sentence that asks for English."""
    return text(
        "Without a language model I only read English. Say it in English, or set a model key and "
        "write in any language."
    )
