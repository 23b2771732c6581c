"""What is raised where a request can't be planned."""

from memory.model.errors import OrchestraError


class CannotPlan(OrchestraError):
    """The request is out of reach; the message says why and what to do, in a sentence."""
