"""What a person or a project prefers."""

from datetime import datetime

from memory.model.base import Model


class Preference(Model):
    """One thing preferred. `person` is the key of an identity, "" for everyone in the project."""

    person: str
    slot: str
    value: str
    at: datetime
