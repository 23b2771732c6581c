"""Sentences made where no reader is known: stored with a run or a plan, in English.

The first argument is the sentence's id in the catalogue of texts, which `make texts` collects.
"""

from memory.model.base import Model


def text(message: str, **params: object) -> str:
    """The English sentence with its placeholders filled."""
    return message.format(**params) if params else message


def later(message: str) -> str:
    """The sentence as it stands, for the catalogue; its placeholders are filled where it's used."""
    return message


class Sentence(Model):
    """A sentence that is made later, in the reader's language: its English original, and what
    fills its placeholders.
    """

    message: str
    params: dict[str, str | int] = {}


def sentence(message: str, **params: str | int) -> Sentence:
    """The sentence with what fills its placeholders."""
    return Sentence(message=message, params=params)
