"""What both pages draw alike."""

import re

FENCE = re.compile(r"```(?:\w*\n)?(.*?)```", re.DOTALL)


def fenced(text: str) -> str:
    """A fence's text, which is escaped already."""
    return f"<pre>{text.rstrip()}</pre>"
