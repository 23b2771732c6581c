"""The files people talk about: made from a fixed seed, with the dirt of real ones."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

COUNTRIES = ("Germany", "France", "Spain", "Austria", "Poland", "Ireland")
CATEGORIES = ("Kitchen", "Garden", "Office", "Toys")
DEPARTMENTS = ("Sales", "Support", "Finance", "Logistics", "Engineering")
TEXTS = {
    "welcome.txt": "Welcome to Lindqvist & Daughters.\nWe repair clocks since 1952.\n"
    "Our shop is open from Tuesday to Saturday.\nCall us on 030 555 0199.\n",
    "minutes.txt": "Minutes of 4 March.\nPresent: Bo, Kim, Ana.\n"
    "Bo said the new warehouse opens on 2 May. Kim asked who pays for the move. "
    "The move costs 18,400 euros and is paid by the landlord.\n"
    "Ana will write to all customers before the move. The old warehouse closes on 30 April.\n"
    "Decision: no deliveries in the last week of April.\nTODO Ana: letter\nTODO Bo: keys\n",
    "complaint.txt": "Hello,\nmy lamp arrived broken on Monday. The box was fine but the glass was "
    "in pieces. I would like a new one, or my money back.\nRegards\nP. Novak\n",
    "server.log": "".join(
        f"2026-03-{1 + i // 24:02} {i % 24:02}:00 {'ERROR disk full' if i % 17 == 3 else 'INFO ok'}\n"
        for i in range(240)
    ),
    "emails.txt": "bo@shop.test\nkim@shop.test\nana@shop.test\nbo@shop.test\nzoe@shop.test\nkim@shop.test\n",
    "letter.txt": "Dear Acme Ltd,\nthank you for your order. Acme Ltd is a valued customer.\nYours, Meyer\n",
}


def make(folder: Path) -> None:
    """Write every file into the folder."""
    chance = Random(20260911)
    folder.mkdir(parents=True, exist_ok=True)
    _customers(folder, chance)
    _products(folder, chance)
    _orders(folder, chance)
    _employees(folder, chance)
    _tickets(folder, chance)
    _traffic(folder, chance)
    _expenses(folder, chance)
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")


def _write(
    path: Path, head: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ","
) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        out.writerow(head)
        out.writerows(rows)


def _day(chance: Random, first: date, days: int) -> date:
    return first + timedelta(days=chance.randrange(days))


def _customers(folder: Path, chance: Random) -> None:
    """Customer numbers 5001 to 5260; some have no country or no e-mail."""
    _write(
        folder / "customers.csv",
        ("customer_id", "name", "country", "segment", "signed_up", "email", "phone"),
        [
            (
                5001 + i,
                f"Customer {chance.choice('ABCDEFGHKLMNPRST')}{i:03}",
                chance.choice(COUNTRIES) if chance.random() > 0.05 else "",
                chance.choices(("private", "business", "school"), (6, 3, 1))[0],
                _day(chance, date(2021, 1, 1), 1500),
                f"c{i}@mail.test" if chance.random() > 0.12 else "",
                f"{chance.randrange(10**8, 10**9)}",
            )
            for i in range(260)
        ],
    )


def _products(folder: Path, chance: Random) -> None:
    """Sixty products; eight of them are never ordered, no two cost the same."""
    prices = chance.sample(range(299, 19999), 60)
    _write(
        folder / "products.csv",
        ("sku", "title", "category", "list_price", "stock", "supplier"),
        [
            (
                f"P-{100 + i}",
                f"{chance.choice(('Red', 'Blue', 'Oak', 'Steel', 'Tiny', 'Grand'))} item {i}",
                CATEGORIES[i % 4],
                f"{prices[i] / 100:.2f}",
                chance.randrange(0, 400) if i % 9 else 0,
                chance.choice(("Nordwerk", "Atelier Blanc", "Casa Luz")),
            )
            for i in range(60)
        ],
    )


def _orders(folder: Path, chance: Random) -> None:
    """1,400 orders; one in twenty-five names a customer nobody knows, some amounts are missing."""
    rows = []
    for i in range(1400):
        quantity = chance.choices((1, 2, 3, 4, 5, 10), (40, 25, 15, 10, 7, 3))[0]
        amount = quantity * chance.randrange(300, 16000) / 100
        rows.append(
            (
                70001 + i,
                chance.randrange(5001, 5241)
                if chance.random() > 0.04
                else chance.randrange(8001, 8030),
                f"P-{100 + chance.randrange(0, 52)}",
                _day(chance, date(2023, 1, 1), 912),
                quantity,
                f"{amount:.2f}" if chance.random() > 0.02 else "",
                chance.choices(("delivered", "cancelled", "returned", "open"), (75, 9, 6, 10))[0],
                chance.choice(("card", "invoice", "paypal")),
            )
        )
    head = (
        "order_id",
        "customer_id",
        "sku",
        "ordered_on",
        "quantity",
        "amount",
        "status",
        "paid_with",
    )
    _write(folder / "orders.csv", head, rows)


def _employees(folder: Path, chance: Random) -> None:
    """200 people with different salaries; some have no e-mail; managers are people of the list."""
    salaries = chance.sample(range(28000, 98000), 200)
    _write(
        folder / "employees.csv",
        (
            "emp_no",
            "full_name",
            "department",
            "job_title",
            "salary",
            "hired_on",
            "city",
            "manager_no",
            "email",
        ),
        [
            (
                1001 + i,
                f"{chance.choice(('Ada', 'Ben', 'Cleo', 'Dev', 'Eva', 'Finn', 'Gül'))} "
                f"{chance.choice(('Adler', 'Brandt', 'Costa', 'Dupont', 'Ek'))} {i}",
                chance.choice(DEPARTMENTS),
                chance.choice(("junior", "senior", "lead", "assistant")),
                salaries[i],
                _day(chance, date(2012, 1, 1), 4800),
                chance.choices(("Berlin", "Lyon", "Madrid", "Graz"), (5, 3, 2, 1))[0],
                1001 + chance.randrange(12) if i > 11 else "",
                f"e{i}@work.test" if chance.random() > 0.08 else "",
            )
            for i in range(200)
        ],
    )


def _tickets(folder: Path, chance: Random) -> None:
    """900 support tickets; the open ones have no closing time, half have no rating."""
    rows = []
    for i in range(900):
        opened = datetime(2025, 1, 1) + timedelta(minutes=chance.randrange(525600))  # noqa: DTZ001 - local time, as such files have it
        closed = opened + timedelta(minutes=chance.randrange(20, 9000))
        state = chance.choices(("closed", "open", "waiting"), (80, 12, 8))[0]
        rows.append(
            (
                f"T{i + 1:05}",
                f"{opened:%Y-%m-%d %H:%M}",
                f"{closed:%Y-%m-%d %H:%M}" if state == "closed" else "",
                chance.choices(("low", "normal", "high", "urgent"), (30, 50, 15, 5))[0],
                chance.choice(("mail", "phone", "chat")),
                chance.choice(("Mara", "Nils", "Oya", "Pia", "")),
                chance.choice(("delivery", "invoice", "broken item", "login", "other")),
                state,
                chance.randrange(1, 6) if chance.random() > 0.5 else "",
            )
        )
    head = (
        "ticket_no",
        "opened_at",
        "closed_at",
        "priority",
        "channel",
        "agent",
        "topic",
        "state",
        "rating",
    )
    _write(folder / "tickets.csv", head, rows)


def _traffic(folder: Path, chance: Random) -> None:
    """Two years of days, each with the visits of three sources."""
    rows = []
    for i in range(600):
        day = date(2024, 1, 1) + timedelta(days=i)
        for source, usual in (("search", 400), ("newsletter", 90), ("social", 150)):
            visits = int(usual * (0.6 + 0.8 * chance.random()))
            rows.append(
                (
                    day,
                    source,
                    visits,
                    int(visits * 0.04 * chance.random()),
                    round(chance.uniform(20, 80), 1),
                )
            )
    _write(folder / "traffic.csv", ("day", "source", "visits", "signups", "bounce_rate"), rows)


def _expenses(folder: Path, chance: Random) -> None:
    """Written in German: semicolons, decimal commas, thousands with points, days first."""
    rows = []
    for _ in range(420):
        cents = chance.randrange(250, 240000)
        euros = f"{cents // 100:,}".replace(",", ".")
        rows.append(
            (
                f"{_day(chance, date(2025, 1, 1), 365):%d.%m.%Y}",
                chance.choice(("Miete", "Reise", "Bewirtung", "Software", "Porto")),
                f"{euros},{cents % 100:02}",
                chance.choice(("Jutta", "Kemal", "Lotte")),
            )
        )
    _write(folder / "ausgaben.csv", ("Datum", "Kategorie", "Betrag", "Bezahlt von"), rows, ";")
