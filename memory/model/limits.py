"""Every cap in one place, each with a sentence the user can act on (law 15)."""

from typing import Final

from memory.model.text import later

REQUEST_CHARS: Final = 40_000
LONG_CHARS: Final = 4_000
"""From here on reading a text takes long enough for others to feel it; one person's are read in turn."""
READ_CHARS: Final = 8_000
"""More than these are never a command, and without a model nobody makes a plan of them."""
TASKS_PER_PLAN: Final = 200
PARALLEL_PER_RUN: Final = 64
OUTPUT_BYTES: Final = 1_000_000
ATTEMPTS_PER_TASK: Final = 4
ATTEMPTS_CAP: Final = 10
MAP_ITEMS: Final = 100
PIECES_PER_RUN: Final = 2_000
PLAN_LIFE_S: Final = 24 * 3600
QUESTIONS_PER_ROUND: Final = 3
JSON_DEPTH: Final = 64
FILE_READ_BYTES: Final = 50_000_000
EXPORT_BYTES: Final = 200_000_000
SHEET_ROWS: Final = 1_048_575
FETCH_BYTES: Final = 5_000_000

SENTENCES: Final[dict[str, str]] = {
    "request_chars": later(
        "That message has more than 40,000 characters; attach the long part as a file "
        "and say in a few lines what to do with it."
    ),
    "read_chars": later(
        "That's more than I can read without a model: 8,000 characters. Attach the long part as a file "
        "and say in a few lines what to do with it."
    ),
    "tasks_per_plan": later(
        "That would take more than 200 tasks; split the work into several requests."
    ),
    "map_items": later(
        "That list has more than {most} items, the most one task goes through; narrow it down, "
        "or ask for the rest in another request."
    ),
    "pieces": later(
        "With all items of its lists that could become more than 2,000 pieces of work; go through "
        "fewer items, or split the work into several requests."
    ),
    "output_bytes": later("The result is larger than 1 MB; only its first part is kept."),
    "attempts": later("It failed four times; look at the reason, fix it, and say `retry`."),
    "plan_life": later(
        "The time to approve this plan is over; say `plan again` to get a fresh one."
    ),
    "export_bytes": later(
        "That file would be larger than 200 MB. Name fewer columns or rows, or write Parquet."
    ),
    "sheet_rows": later(
        "A sheet holds 1,048,575 rows at most. Write CSV or Parquet, or name fewer rows."
    ),
    "file_read": later("That file is larger than 50 MB; query it with data.query or split it."),
}
