"""Plans that were seen, edits that were heard, messages that arrive: over the real SDKs."""
