"""The reference of everything people can say, made from the table of actions.

`python -m tests.lint.commands` is part of `make lint`; with `--write` it is part of `make texts`.
"""

import sys
from pathlib import Path

from bot.language.catalogue import ENGLISH
from bot.language.routing.row import Row
from bot.language.table import GROUPS, of_group

PAGE = Path(__file__).parents[2] / "deploy" / "guides" / "commands.md"
HEAD = """# Everything you can say

In the chat, in a Slack or Discord slash command (`/orchestra status`), as an emoji on the bot's
message, and on the command line. Anything else you say is a request, or a change to the plan that's
waiting. This page is made from the table of actions (`make texts`), which is also what the bot reads
words with.
"""


def page() -> str:
    """The page as it should be."""
    parts = [HEAD]
    for group, title in GROUPS.items():
        rows = "\n".join(_line(row) for row in of_group(group))
        parts.append(
            f"## {ENGLISH.sentence(title)}\n\n"
            f"| What it does | In the chat | Emoji | Command line |\n|---|---|---|---|\n{rows}\n"
        )
    return "\n".join(parts)


def main() -> int:
    """Write the page, or say whether it is out of date."""
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != page():
        print(f"{PAGE.name} is out of date; run `make texts`", file=sys.stderr)
        return 1
    return 0


def _line(row: Row) -> str:
    help_text = ENGLISH.sentence(row.help)
    said = [*row.says, *row.phrases]
    words = "<br>".join(f"`{phrase}`" for phrase in said)
    shows = f" on {' or '.join(row.shows)}" if row.emoji else ""
    command = f"`{row.cli}`" if row.cli else ""
    return f"| {help_text} | {words} | {' '.join(row.emoji)}{shows} | {command} |"


if __name__ == "__main__":
    sys.exit(main())
