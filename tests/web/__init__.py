"""The pages in a real browser. Needs Chromium and playwright: `make web-test`, not part of `make test`."""
