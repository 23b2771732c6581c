"""How long a connection to Postgres may say nothing before it counts as dead."""

from typing import Final

CONNECT_S: Final = 5
SILENCE_S: Final = 10
IDLE_S: Final = 5
"""A process that sleeps inside a transaction keeps its locks no longer than this."""


def outage_options(
    silence_s: int = SILENCE_S, *, idle_s: int = IDLE_S, statement_s: int = 0
) -> dict[str, str | int]:
    """Options for psycopg: a connection that was cut is noticed after about `silence_s`.

    Without them a machine that vanished is waited for until the system gives up, after hours. The
    server ends a session that is idle inside a transaction for `idle_s`, and a statement after
    `statement_s` (0: never).
    """
    limits = {"idle_in_transaction_session_timeout": idle_s, "statement_timeout": statement_s}
    return {
        "options": " ".join(f"-c {name}={limit}s" for name, limit in limits.items()),
        "connect_timeout": min(CONNECT_S, max(2, silence_s)),
        "keepalives": 1,
        "keepalives_idle": max(1, silence_s // 3),
        "keepalives_interval": max(1, silence_s // 3),
        "keepalives_count": 2,
        "tcp_user_timeout": silence_s * 1000,
    }
