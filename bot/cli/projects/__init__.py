"""`orchestra project …`."""
