"""Logs: one event a line, every value redacted, the libraries' own lines included."""

import logging
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from memory.privacy.redaction import Redactor


class RedactLogs:
    """A structlog processor: no secret gets past it, in whatever value it sits."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        """The event with every text in it redacted."""
        del logger, method
        return {key: self._clean(value) for key, value in event.items()}

    def _clean(self, value: object) -> Any:
        match value:
            case None | bool() | int() | float():
                return value
            case str():
                return self._redactor(value)
            case Mapping():
                return {self._clean(str(key)): self._clean(item) for key, item in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self._clean(item) for item in value]
            case _:
                return self._redactor(repr(value))


def configure_logging(
    level: str, *, json: bool, redactor: Redactor | None = None, stream: TextIO | None = None
) -> None:
    """Send all logs of this process to the stream (standard error), as JSON or for reading.

    Replaces the root logger's handlers; libraries that log through `logging` come out alike.
    """
    stream = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                RedactLogs(redactor or Redactor()),
                _renderer(stream, json=json),
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


def _renderer(stream: TextIO, *, json: bool) -> Processor:
    if json:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=stream.isatty())
