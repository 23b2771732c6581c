"""Simple questions to data in German, French and Spanish: their turns of phrase in English. Pure.

Only what says how to count is put into English. What names columns and values stays as it is: the
reader of questions knows those, and common words for them, in these languages.
"""

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Final

from planner.offline.grammar.language import english_words

_TABLES: Final[Mapping[str, str]] = {
    "German": """
* how many: wie viele | wieviele | wie viel | wieviel
* what is: wie hoch ist | wie hoch sind | wie gross ist | wie groß ist | wie hoch war
* total: summe der | summe des | summe von | summe aller | summe | gesamte | gesamter | gesamtes | gesamten | insgesamt
* number of: anzahl der | anzahl an | anzahl von | anzahl
* average: durchschnittliche | durchschnittlicher | durchschnittliches | durchschnittlichen | durchschnitt von | durchschnitt der | durchschnitt des | durchschnitt | mittelwert von | mittelwert der | mittelwert
* highest: höchste | höchster | höchstes | höchsten | größte | größter | größtes | größten
* lowest: niedrigste | niedrigster | niedrigstes | niedrigsten | kleinste | kleinster | kleinstes | kleinsten | geringste | geringsten
* most: die meisten | am meisten
* fewest: die wenigsten | am wenigsten
* most expensive: teuerste | teuerster | teuerstes | teuersten
* cheapest: billigste | billigster | billigstes | billigsten | günstigste | günstigsten
* share of: anteil der | anteil von | anteil
which: welche | welcher | welches | welchen
what is: was ist | was sind
per: pro | je
by: nach
in: aus der | aus dem | aus den | aus | im
of: von | vom
and: und
or: oder
without: ohne
not: nicht | kein | keine | keinen
more than: mehr als | über
less than: weniger als | unter
at least: mindestens
at most: höchstens
between: zwischen
month: monat
year: jahr
quarter: quartal
week: woche
day: tag
show: zeige mir | zeig mir | zeige | zeig | gib mir | liste
are there: gibt es | haben wir
is: ist | sind | war | waren | hat | haben
with: mit
for: für
where: wo | bei denen
all: alle | aller
please: bitte
the: die | der | das | den | dem | des | ein | eine | einer | einen
""",
    "French": """
* how many: combien de | combien d' | combien
* total: total des | total de la | total du | total de | somme des | somme de la | somme du | somme de | somme
* number of: nombre des | nombre de | nombre d'
* average: moyenne des | moyenne de la | moyenne du | moyenne de | moyenne | moyen
* highest: le plus élevé | la plus élevée | plus élevé | plus élevée | plus grand | plus grande
* lowest: le plus bas | la plus basse | plus petit | plus petite | plus bas | plus basse
which: quel est | quelle est | quels sont | quelles sont | quel | quelle | quels | quelles
per: par
in: dans le fichier | dans
and: et
or: ou
without: sans
more than: plus de
less than: moins de
at least: au moins
between: entre
month: mois
year: année | an
quarter: trimestre
week: semaine
day: jour
show: montre-moi | montre | affiche | donne-moi
are there: y a-t-il | il y a
is: est | sont
with: avec
for: pour
of: de la | du | des | de | d'
the: le | la | les | l' | un | une
please: s'il vous plaît | svp
""",
    "Spanish": """
* how many: cuántos | cuántas | cuantos | cuantas
* how much: cuánto | cuanto
* total: total de la | total del | total de | suma de la | suma del | suma de | suma
* number of: número de | numero de | cantidad de
* average: promedio de la | promedio del | promedio de | promedio | media de | media del
* highest: más alto | más alta | mayor
* lowest: más bajo | más baja | menor
which: cuál es | cuál | qué
per: por cada | por
in: en el archivo | en
and: y
or: o
without: sin
more than: más de
less than: menos de
at least: al menos
between: entre
month: mes
year: año
quarter: trimestre
week: semana
day: día
show: muéstrame | muestra
are there: hay
is: es | son
with: con
for: para
of: de la | del | de
the: el | la | los | las | un | una
please: por favor
""",
}
"""English first. A "*" marks what only a question to data says."""


def in_english(words: str, names: Collection[str]) -> str:
    """The question in English, as far as this goes; "" where it is none in one of the languages.

    `names` (in lower case) are those of columns, which stay as they are.
    """
    best, most = "", english_words(words)
    for language in _TABLES:
        said, hits, sure = _put(words, language, frozenset(names))
        if sure and hits > most:
            best, most = said, hits
    return best


def _put(words: str, language: str, names: frozenset[str]) -> tuple[str, int, bool]:
    pattern, meanings = _compiled(language)
    hits, sure = 0, False

    def put(match: re.Match[str]) -> str:
        nonlocal hits, sure
        low = match.group().lower()
        if low in names:
            return match.group()
        english, telling = meanings[low]
        hits, sure = hits + 1, sure or telling
        return f"{english} " if low.endswith("'") else english

    parts = re.split(r"(\"[^\"]*\"|“[^”]*”|[\w./-]+\.\w{2,7}\b)", words)
    said = "".join(part if n % 2 else pattern.sub(put, part) for n, part in enumerate(parts))
    return said, hits, sure


@cache
def _compiled(language: str) -> tuple[re.Pattern[str], Mapping[str, tuple[str, bool]]]:
    meanings: dict[str, tuple[str, bool]] = {}
    for line in _TABLES[language].strip().splitlines():
        english, _, ways = line.partition(": ")
        for way in ways.split(" | "):
            meanings[way] = (english.removeprefix("* "), english.startswith("* "))
    longest = sorted(meanings, key=len, reverse=True)
    choice = "|".join(re.escape(way) + ("" if way.endswith("'") else r"\b") for way in longest)
    return re.compile(rf"\b(?:{choice})", re.IGNORECASE), meanings
