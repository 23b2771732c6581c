"""Words of questions and of columns: what they mean, in several languages. Data and look-ups."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from planner.questions.words.concepts import CODED, CONCEPTS
from planner.questions.words.short import Kind, long


def word_set(words: str) -> frozenset[str]:
    """The words, which blanks part."""
    return frozenset(words.split())


KEY_WORDS: Final = word_set(
    "id key uuid guid nr number nummer no num sku isbn identifier ref reference reg registration tag serial"
)
CODE_WORDS: Final = word_set("code iban bic ean barcode vin")
PHONE_WORDS: Final = word_set("phone telephone tel mobile fax telefon handy telefono")
ZIP_WORDS: Final = word_set("zip zipcode postcode postal plz postleitzahl cap")
YEAR_WORDS: Final = word_set("year jahr ano annee anno jaar")
RATE_WORDS: Final = word_set(
    "rate pct percent percentage ratio share prozent quote satz discount rabatt probability margin"
)
PRICE_WORDS: Final = word_set("price preis precio prix prezzo prijs nightly hourly tariff")
SCORE_WORDS: Final = word_set(
    "score grade mark rating star satisfaction csat nps gpa bewertung punktzahl bmi iq"
)
MEASURED_WORDS: Final = word_set(
    "temperature temp temperatur humidity feuchte luftfeuchtigkeit pressure druck voltage ph "
    "speed velocity weight gewicht height lat latitude lon lng longitude level co2 pm25 pulse "
    "heart blood battery noise wind moisture celsius fahrenheit hpa systolic diastolic"
)
QUANTITY_WORDS: Final = word_set(
    "quantity qty unit piece menge stuck stuckzahl anzahl cantidad hour stunde kwh visit "
    "click item view download stock inventory headcount seat attendee passenger km mile "
    "absence rain rainfall steps energy consumption verbrauch nights night person passenger guest kid "
    "child adult people lead view impression"
)
AMOUNT_WORDS: Final = word_set(
    "revenue turnover sale umsatz erlos erloes amount amt betrag summe importe montant "
    "importo total gross brutto net netto cost expense kosten budget tax vat steuer mwst fee "
    "payment income profit gewinn spend spending subtotal charge refund wert value bonus "
    "donation kosten gesamtbetrag paid debt credit deposit premium fine tip mrr arr takings "
    "owed owing due balance outstanding lease got earned spent quoted overtime"
)
CURRENCIES: Final = word_set(
    "chf eur euro gbp pound usd dollar nok sek dkk pln czk huf jpy yen cad aud quid buck franc"
)
PAY_WORDS: Final = word_set("salary wage pay gehalt lohn salario sueldo salaire compensation")
DURATION_WORDS: Final = word_set(
    "duration minute second dauer wait waiting latency stay length lasting"
)
AGE_WORDS: Final = word_set("age alter edad")
NAME_WORDS: Final = word_set("name title vorname nachname nombre nom bezeichnung")
TEXT_WORDS: Final = word_set(
    "comment remark description text note notes bemerkung kommentar message feedback"
)
SMALL: Final = word_set("of the a an in per by for und y et de der die das")


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """In lower case and without accents: "Größe" → "grosse"."""
    low = text.casefold().replace("ß", "ss")
    return "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Words in lower case without plural, parted by single blanks: "Unit_Prices" → "unit price"."""
    parted = re.sub(r"(?<=[a-zà-ÿ0-9])(?=[A-Z])", " ", text)
    return " ".join(singular(word) for word in re.split(r"[\W_]+", folded(parted)) if word)


_IRREGULAR: Final = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "staff": "staff",
    "data": "data", "series": "series", "kunden": "kunde", "rechnungen": "rechnung",
    "bestellungen": "bestellung", "lieferanten": "lieferant", "stunden": "stunde", "mice": "mouse",
    "analyses": "analysis", "status": "status", "sales": "sale", "taxes": "tax", "leaves": "leave",
    "courses": "course", "expenses": "expense", "purchases": "purchase", "cases": "case",
    "warehouses": "warehouse", "nurses": "nurse", "houses": "house", "movies": "movie", "buses": "bus",
    "invoices": "invoice", "prices": "price", "diagnoses": "diagnosis", "ages": "age",
}  # fmt: skip


def singular(word: str) -> str:
    """The word without its plural, as far as an ending tells."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith("s") and word[-2:-1].isdigit():
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What forms of a word share: "shipped", "shipping", "ship" → "ship"."""
    low = singular(folded(word))
    for ending in ("ation", "ment", "ing", "ed", "er", "al"):
        if len(low) - len(ending) >= 3 and low.endswith(ending):
            low = low[: -len(ending)]
            break
    if len(low) > 3 and low[-1] == low[-2] and low[-1] not in "aeiosl":
        low = low[:-1]
    return low.removesuffix("e") if len(low) > 3 else low


def _by_word(lines: str) -> Mapping[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for line in lines.strip().splitlines():
        name, words = line.split(": ")
        for word in words.split():
            known = table.setdefault(singular(word.replace("-", " ")), [])
            known.append(name.split()[0])
    return {word: tuple(dict.fromkeys(names)) for word, names in table.items()}


_BY_WORD: Final = _by_word(CONCEPTS)
_CODES: Final = _by_word(CODED)
_FAMILIES: Final = {
    head.split()[0]: frozenset(head.split()[1:])
    for head in (line.split(":")[0] for line in CONCEPTS.strip().splitlines())
}


@lru_cache(maxsize=20_000)
def concept(word: str) -> str:
    """What the word stands for first, whatever the language; "" where nobody knows."""
    return next(iter(_BY_WORD.get(word) or _BY_WORD.get(singular(word)) or ()), "")


@lru_cache(maxsize=20_000)
def senses(word: str) -> frozenset[str]:
    """All concepts that the word may stand for, in an ending or a spelling of another language too:
    "Kurse" of Kurs, "Gebuehr" of Gebühr.
    """
    low = plain(word)
    bases = (low, *(low.removesuffix(end) for end in _PLURALS if len(low) - len(end) > 3))
    spelt = (*bases, *(re.sub(r"([aou])e(?=[^aeiou])", r"\1", base) for base in bases))
    forms = (form for base in (word, *spelt) for form in (base, singular(base)))
    return frozenset(next((_BY_WORD[form] for form in forms if form in _BY_WORD), ()))


_PLURALS: Final = ("e", "en", "n", "er", "nen")


@lru_cache(maxsize=20_000)
def coded(value: str) -> frozenset[str]:
    """What a value stands for that may be written as a code: "Germany", "German" and "DE" alike."""
    return frozenset(_CODES.get(plain(value)) or _CODES.get(folded(value).strip()) or ())


def families(concepts: Iterable[str]) -> frozenset[str]:
    """What the concepts may be taken for: guests for customers, a price for an amount."""
    return frozenset().union(*(_FAMILIES.get(name, frozenset()) for name in concepts))


@lru_cache(maxsize=20_000)
def parts(name: str, kind: Kind = "") -> tuple[str, ...]:
    """The words of a column's name: German compounds parted ("Rechnungsdatum" → rechnung, datum), and
    short ones at length ("unit_pr" → unit, price) as a column of that kind has them.
    """
    words: list[str] = []
    for word in plain(name).split():
        for whole in (word,) if word in KEY_WORDS else long(word, kind):
            words += _compound(whole)
    return tuple(words)


_PARTABLE: Final = tuple(
    sorted(
        {*_BY_WORD, "nummer", "jahr", "monat", "einzel", "gesamt", "bestell", "name", "prei"},
        key=len,
        reverse=True,
    )
)


def _compound(word: str) -> tuple[str, ...]:
    if len(word) < 8 or word in _BY_WORD:
        return (word,)
    for tail in _PARTABLE:
        if len(tail) >= 3 and word.endswith(tail) and len(word) - len(tail) >= 4:
            head = word[: -len(tail)]
            for link in ("", "s", "n", "en", "es"):
                base = head.removesuffix(link) if link else head
                if base in _PARTABLE or f"{base}e" in _PARTABLE:
                    return (
                        base
                        if base in _BY_WORD
                        else f"{base}e"
                        if f"{base}e" in _BY_WORD
                        else base,
                        tail,
                    )
    return (word,)
