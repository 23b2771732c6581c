"""Where the log goes: a file beside a chat, JSON lines on stderr from a server."""

from bot.config.settings import Settings
from memory.model.errors import Misconfigured
from memory.privacy.logs import configure_logging

LOG_BYTES = 5_000_000


def log_to_file(settings: Settings) -> None:
    """Log to `orchestra.log` in the data folder; one older file of 5 MB is kept.

    Raises Misconfigured when the file cannot be written.
    """
    path = settings.data / "orchestra.log"
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(settings.data / "orchestra.log.1")
        stream = path.open("a", encoding="utf-8", buffering=1)
    except OSError as error:
        raise Misconfigured(
            "The data folder {data} can't be written ({strerror}). Use --data to name another.",
            data=settings.data,
            strerror=error.strerror,
        ) from error
    configure_logging(settings.log_level, json=True, redactor=settings.redactor, stream=stream)


def log_to_stderr(settings: Settings) -> None:
    """Log to stderr, one JSON object a line."""
    configure_logging(settings.log_level, json=True, redactor=settings.redactor)
