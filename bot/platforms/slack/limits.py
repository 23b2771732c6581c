"""What Slack accepts at most (docs.slack.dev, Block Kit reference)."""

from typing import Final

BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
SECTION_CHARS: Final = 3000
HEADER_CHARS: Final = 150
CONTEXT_CHARS: Final = 1990  # Slack takes 2,000, and a sign is put before it
FIELDS: Final = 10
FIELD_CHARS: Final = 2000
TABLE_ROWS: Final = 100
TABLE_COLUMNS: Final = 20
TABLE_CHARS: Final = 9000  # all cells of a table; Slack takes one table a message
BUTTON_CHARS: Final = 75
BUTTONS_IN_ROW: Final = 25
VALUE_CHARS: Final = 2000
LABEL_CHARS: Final = 2000
TITLE_CHARS: Final = 24
MESSAGE_CHARS: Final = 12_000  # all blocks of one message; above about 13,000 Slack refuses
MESSAGES: Final = 3  # more than that is easier read as a file
