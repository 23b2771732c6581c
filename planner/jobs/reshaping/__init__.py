"""Tables cut, joined and tidied: jobs that are read by what their words are, not by their order."""
