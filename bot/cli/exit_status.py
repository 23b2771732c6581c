"""How a command ends: an exit code, and one sentence where something went wrong."""

import sys
from typing import Final

from bot.language.catalogue import ENGLISH

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2


class Ended(Exception):
    """The command is over with this exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def ended(error: Exception) -> int:  # noqa: PLR0911 - a flat case per kind of ending
    """Say what the error means on stderr and give back the exit code."""
    from memory.model.errors import BadInput, Misconfigured, OrchestraError

    match error:
        case Ended():
            return error.code
        case ExceptionGroup():
            return ended(_first(error))
        case BadInput() | Misconfigured():
            _say(error.user_text)
            return EXIT_USAGE
        case OrchestraError():
            from bot.render.errors import error_text

            _say(error_text(ENGLISH, error))
            return EXIT_FAILED
        case _ if _is_usage(error):
            _explain(error)
            return EXIT_USAGE
        case _ if type(error).__name__ in {"Abort", "Exit"}:
            return int(getattr(error, "exit_code", 130))
        case BrokenPipeError():
            return EXIT_FAILED
        case _:
            import structlog  # 0.15 s that --help need not wait for

            structlog.get_logger().error("unexpected", exc_info=error)
            _say(
                ENGLISH(
                    "Something unexpected went wrong ({error}). Your stored work is safe."
                ).format(error=f"{type(error).__name__}: {error}")
            )
            return EXIT_FAILED


def _first(group: ExceptionGroup[Exception]) -> Exception:
    """The ending that says most: a sentence of ours before any other."""
    from memory.model.errors import OrchestraError

    flat: list[Exception] = []
    waiting: list[Exception] = list(group.exceptions)
    while waiting:
        error = waiting.pop(0)
        if isinstance(error, ExceptionGroup):
            waiting += error.exceptions
        else:
            flat.append(error)
    return next((error for error in flat if isinstance(error, OrchestraError | Ended)), flat[0])


def _is_usage(error: Exception) -> bool:
    return hasattr(error, "format_message") and getattr(error, "exit_code", 0) == EXIT_USAGE


def _explain(error: Exception) -> None:
    """A verb alone is answered with what may follow it, anything else with a sentence."""
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stdout.write(f"{getattr(error, 'format_message')()}\n")  # noqa: B009 - click has no type here
    else:
        _say(_usage_sentence(error))


def _usage_sentence(error: Exception) -> str:
    message = str(getattr(error, "format_message")()).rstrip(".")  # noqa: B009 - click has no type here
    verb = str(getattr(getattr(error, "ctx", None), "command_path", "") or "orchestra")
    return f"{message}; see `{verb} --help`."


def _say(sentence: str) -> None:
    try:
        sys.stderr.write(f"orchestra: {sentence}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return
