"""Words of requests about data: those that carry a meaning, and those that carry none."""

from collections.abc import Mapping

from planner.offline.data.query import Grain
from planner.offline.grammar.words import word_set

GRAINS: Mapping[str, Grain] = {
    "day": "day", "daily": "day", "week": "week", "weekly": "week", "month": "month",
    "monthly": "month", "quarter": "quarter", "quarterly": "quarter", "year": "year",
    "yearly": "year", "annual": "year", "annually": "year",
}  # fmt: skip
ROWS = r"(?:rows?|records?|lines?|entries|entry|orders?|transactions?|data|items|results?)"
"""What people call the rows of a file, as a pattern."""

ROWS_OF = word_set("row rows record records line lines entry item")
"""What one row of a file is called whatever the file holds."""

FILLER = word_set(
    "but sell generate bring a an the of in on for to from with and or by per me us my our all any",
    "some is are was were be it its this that these those them they there total please just then",
    "also each every file table data sheet dataset spreadsheet csv figures numbers number values",
    "value what which who how do does did show list display print give get find calculate compute",
    "work out tell return sort sorted ordered order rank ranked group grouped aggregate query filter",
    "keep only up break broken down see look at want need i we you can could would like have has",
    "results result one ones as into what's whats who's that's groupwise where when whose than row",
    "rows record records select pick distinct unique different first top across compare comparison",
    "between make create using use overall altogether sums saved save called titled named breakdown",
    "statistics stats grand entire whole column columns field now so",
)
"""Words that may be left over once everything else was understood."""
