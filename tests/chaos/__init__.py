"""Everything goes wrong: providers, the database, programs, the clock, the process itself."""
