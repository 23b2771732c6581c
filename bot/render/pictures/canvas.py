"""A grid of characters on which lines join by themselves: │ and ─ crossing make ┼."""

from bot.language.words import width

NORTH, EAST, SOUTH, WEST = 1, 2, 4, 8
_LINES = {
    0: " ", 1: "╵", 2: "╶", 3: "╰", 4: "╷", 5: "│", 6: "╭", 7: "├",
    8: "╴", 9: "╯", 10: "─", 11: "┴", 12: "╮", 13: "┤", 14: "┬", 15: "┼",
}  # fmt: skip


class Canvas:
    """Text and lines by column and row; text hides lines."""

    def __init__(self) -> None:
        self._lines: dict[tuple[int, int], int] = {}
        self._text: dict[tuple[int, int], str] = {}

    def across(self, row: int, start: int, end: int) -> None:
        """A line from the middle of one column to the middle of another."""
        for column in range(min(start, end), max(start, end)):
            self.join(column, row, EAST)
            self.join(column + 1, row, WEST)

    def down(self, column: int, start: int, end: int) -> None:
        """A line from the middle of one row to the middle of another."""
        for row in range(min(start, end), max(start, end)):
            self.join(column, row, SOUTH)
            self.join(column, row + 1, NORTH)

    def join(self, column: int, row: int, arms: int) -> None:
        """Add arms (NORTH | EAST …) to one cell."""
        self._lines[column, row] = self._lines.get((column, row), 0) | arms

    def write(self, column: int, row: int, text: str) -> None:
        """Put text there, one cell per column it takes."""
        for letter in text:
            self._text[column, row] = letter
            taken = width(letter)
            if taken == 0:  # a combining mark belongs to the letter before it
                continue
            for extra in range(1, taken):
                self._text[column + extra, row] = ""
            column += taken

    def box(self, column: int, row: int, wide: int, high: int) -> None:
        """A frame whose outer size is `wide` × `high`."""
        right, bottom = column + wide - 1, row + high - 1
        self.across(row, column, right)
        self.across(bottom, column, right)
        self.down(column, row, bottom)
        self.down(right, row, bottom)

    def text(self) -> str:
        """All rows, without spaces at their ends."""
        cells = [*self._lines, *self._text]
        if not cells:
            return ""
        rows = range(min(row for _, row in cells), max(row for _, row in cells) + 1)
        last = max(column for column, _ in cells) + 1
        return "\n".join(
            "".join(self._cell(column, row) for column in range(last)).rstrip() for row in rows
        )

    def _cell(self, column: int, row: int) -> str:
        letter = self._text.get((column, row))
        return _LINES[self._lines.get((column, row), 0)] if letter is None else letter
