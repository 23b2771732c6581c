"""Files and values as the types tools want."""
