"""What a person or a project prefers."""

from datetime import datetime
from typing import Final

from memory.model.base import Model

PREFER_CHEAP: Final = "agents"
"""The slot that a budget alert's button sets to "cheaper", for the whole project."""


class Preference(Model):
    """One thing preferred. `person` is the key of an identity, "" for everyone in the project."""

    person: str
    slot: str
    value: str
    at: datetime
