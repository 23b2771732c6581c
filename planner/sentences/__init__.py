"""Which part of a message asks or orders something: courtesies, reasons and context set aside."""
