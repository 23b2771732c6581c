"""The committed bundle of the pages; what it does is tried in `tests/web`."""
