"""The truth: tables, one file per noun, and the only commit."""
