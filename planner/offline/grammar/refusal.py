"""What is raised where a request can't be planned."""


class CannotPlan(Exception):
    """The request is out of reach; the message says why and what to do, in a sentence."""
