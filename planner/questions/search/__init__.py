"""Every reading of a question worth considering, weighed by weights that were fitted on other people's questions."""
