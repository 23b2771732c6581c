"""The command line: `orchestra`."""

import gc
import sys

OBJECTS = 50_000
"""After how many new objects Python looks for garbage; what a start loads is none, and looking takes an eighth of it."""


def end_quickly() -> None:
    """Spare the interpreter a last look at every object, 0.8 s of a large program.

    DuckDB takes what is left unlooked at for a leak and fills the screen with it: then it looks.
    """
    if "_duckdb" not in sys.modules:
        gc.freeze()


def main() -> None:
    """Run the command line; errors are one sentence on stderr, never a traceback."""
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["version"], ["-V"]):
        from bot.cli.version import version_line

        print(version_line())
        return
    gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])
    from bot.cli.app import run

    code = run(arguments)
    end_quickly()
    sys.exit(code)
