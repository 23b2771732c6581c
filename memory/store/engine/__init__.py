"""The database: connections, transactions, schema, ownership."""
