"""What follows from the files alone is worked out once for all questions. Threads may share it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def kept(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the answers of a pure function of values that never change, at most so many.

    Words are told apart by how they are written, all else by which objects they are: comparing
    the columns of a file would cost more than most answers. An equal copy is answered anew.
    Arguments go by their places.
    """

    def keeping(make: Callable[P, T]) -> Callable[P, T]:
        # The arguments are held beside the answer, so that their ids stay theirs.
        known: dict[tuple[str | int, ...], tuple[object, T]] = {}

        @wraps(make)
        def answer(*args: P.args, **kwargs: P.kwargs) -> T:
            key = tuple([given if isinstance(given, str) else id(given) for given in args])
            found = known.get(key)
            if found is None:
                if len(known) >= most:
                    known.clear()
                found = known[key] = (args, make(*args, **kwargs))
            return found[1]

        return answer

    return keeping
