"""Sentences made where no reader is known: stored with a run or a plan, in English.

The first argument is the sentence's id in the catalogue of texts, which `make texts` collects.
"""


def text(message: str, **params: object) -> str:
    """The English sentence with its placeholders filled."""
    return message.format(**params) if params else message
