"""Questions in other languages, put into English as far as they say how to count, and drawn."""

import pytest

from planner.lexicon.language import in_english


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Kosten pro Quartal 2024", "Kosten per quarter 2024"),
        ("Besuche nach Station als Tortendiagramm", "Besuche by Station as a pie chart"),
        ("wie viele Rechnungen sind noch offen", "how many Rechnungen are offen"),
        ("welche Gäste haben noch nicht bezahlt", "which Gäste have not yet bezahlt"),
        ("coûts par semaine en courbe", "coûts per week as a line chart"),
        ("combien de factures sont encore ouvertes", "how many factures are ouvertes"),
        ("ventas por mes como gráfico de barras", "ventas per month as a bar chart"),
        ("pro Monat", "per month"),
        ("the total per month", ""),
        ("nach dem Essen", ""),
    ],
)
def test_what_says_how_to_count_is_put_into_english(words: str, meant: str) -> None:
    assert in_english(words, ()) == meant
