"""`orchestra version`."""

from importlib.metadata import PackageNotFoundError, version


def version_line() -> str:
    """`orchestra 0.1.0`."""
    try:
        return f"orchestra {version('orchestra')}"
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "orchestra (not installed)"
