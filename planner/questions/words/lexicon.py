"""Words of questions and of columns: what they mean, in several languages. Data and look-ups."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

_CONCEPTS: Final = """
revenue: revenue turnover sale sales umsatz erlos erloes ventas ingreso ingresos chiffre omzet fatturato earnings
amount: amount amt betrag summe importe montant importo bedrag total value sum subtotal brutto gross wert gesamt gesamtbetrag
net: net netto
cost: cost expense expenditure spend spending kosten ausgabe costo cout coste fee charge gebuhr aufwand
price: price preis precio prix prezzo prijs tarif tariff
profit: profit gewinn beneficio margin ertrag
tax: tax vat steuer mwst ust iva tva
quantity: quantity qty unit units piece pieces menge stuck stuckzahl anzahl cantidad quantite quantita aantal volume
salary: salary wage pay gehalt lohn salario sueldo salaire stipendio compensation
hours: hour hours stunde stunden horas heures
customer: customer client kunde cliente klant buyer account customers shopper
product: product item article artikel produkt producto produit prodotto sku ware goods
order: order bestellung pedido commande ordine auftrag purchase
invoice: invoice rechnung factura facture fattura bill
date: date datum fecha data dag day tag timestamp
created: created opened open angelegt eroffnet erstellt
closed: closed resolved geschlossen erledigt
due: due fallig falligkeit deadline
shipped: shipped shipping delivery delivered versand liefer lieferung ship dispatched
hired: hired hire joined join started eintritt einstellung
born: birth born birthday birthdate dob geburt geburts geburtsdatum geburtstag nacimiento
country: country land nation pais pays paese
region: region area territory zone gebiet bundesland state province
city: city town stadt ort ciudad ville citta plaats
street: street strasse calle rue address adresse
employee: employee staff worker mitarbeiter empleado employe personnel colleague
person: person people name human member
manager: manager boss supervisor lead vorgesetzter chef
department: department dept abteilung departamento departement division
team: team squad crew
category: category cat kategorie type kind art typ segment categoria categorie class
status: status state zustand stand estado etat stato
student: student pupil schuler alumno eleve
teacher: teacher lehrer profesor instructor
course: course subject fach kurs curso
score: score grade mark note punkte rating stars bewertung satisfaction csat nps evaluation
patient: patient
doctor: doctor physician arzt medico
ticket: ticket issue case incident
agent: agent assignee operator
priority: priority prio prioritat severity urgency
sensor: sensor device meter gerat
temperature: temperature temp temperatur
humidity: humidity feuchte luftfeuchtigkeit
age: age alter edad
weight: weight gewicht peso poids
height: height grosse size
supplier: supplier vendor lieferant proveedor fournisseur
warehouse: warehouse store shop location site branch filiale lager laden
payment: payment zahlung pago paiement
method: method zahlungsart methode
paid: paid bezahlt
discount: discount rabatt descuento remise
phone: phone telephone tel mobile fax telefon handy telefono
email: email mail
comment: comment note notes remark description bemerkung kommentar text
"""
"""Each concept with the words that may stand for it, accents folded."""


def word_set(words: str) -> frozenset[str]:
    """The words, which blanks part."""
    return frozenset(words.split())


ABBREVIATIONS: Final[Mapping[str, str]] = {
    "qty": "quantity", "amt": "amount", "dept": "department", "cat": "category", "prio": "priority",
    "dob": "birth date", "temp": "temperature", "desc": "description", "addr": "address",
    "emp": "employee", "cust": "customer", "prod": "product", "inv": "invoice", "mgr": "manager",
    "tel": "phone", "mail": "email", "e-mail": "email", "birthday": "birth date",
    "birthdate": "birth date", "avg": "average", "qtr": "quarter", "no": "number", "nr": "number",
    "num": "number", "pct": "percent", "perc": "percent", "id": "id", "ids": "id",
}  # fmt: skip
"""Short for the very same word: taken without a question."""

KEY_WORDS: Final = word_set(
    "id key uuid guid nr number nummer no num sku isbn identifier ref reference"
)
CODE_WORDS: Final = word_set("code iban bic ean barcode vin")
PHONE_WORDS: Final = word_set("phone telephone tel mobile fax telefon handy telefono")
ZIP_WORDS: Final = word_set("zip zipcode postcode postal plz postleitzahl cap")
YEAR_WORDS: Final = word_set("year jahr ano annee anno jaar")
RATE_WORDS: Final = word_set(
    "rate pct percent percentage ratio share prozent quote satz discount rabatt probability margin"
)
PRICE_WORDS: Final = word_set("price preis precio prix prezzo prijs")
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
    "absence rain rainfall steps energy consumption verbrauch nights night"
)
AMOUNT_WORDS: Final = word_set(
    "revenue turnover sale umsatz erlos erloes amount amt betrag summe importe montant "
    "importo total gross brutto net netto cost expense kosten budget tax vat steuer mwst fee "
    "payment income profit gewinn spend spending subtotal charge refund wert value bonus "
    "donation kosten gesamtbetrag paid debt credit"
)
PAY_WORDS: Final = word_set("salary wage pay gehalt lohn salario sueldo salaire compensation")
DURATION_WORDS: Final = word_set(
    "duration minute second dauer wait waiting latency stay length lasting"
)
AGE_WORDS: Final = word_set("age alter edad")
NAME_WORDS: Final = word_set("name title vorname nachname nombre nom bezeichnung")
TEXT_WORDS: Final = word_set(
    "comment remark description text notes bemerkung kommentar message feedback"
)
SMALL: Final = word_set("of the a an in per by for und y et de der die das")


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


def _concepts() -> Mapping[str, str]:
    table: dict[str, str] = {}
    for line in _CONCEPTS.strip().splitlines():
        name, words = line.split(": ")
        for word in words.split():
            table.setdefault(singular(word), name)
    return table


_BY_WORD: Final = _concepts()


@lru_cache(maxsize=20_000)
def concept(word: str) -> str:
    """What the word stands for whatever the language; "" where nobody knows."""
    known = _BY_WORD.get(word) or _BY_WORD.get(singular(word))
    return known or ""


@lru_cache(maxsize=20_000)
def parts(name: str) -> tuple[str, ...]:
    """The words of a column's name, German compounds parted: "Rechnungsdatum" → rechnung, datum."""
    words: list[str] = []
    for word in plain(name).split():
        words += _compound(word)
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
