"""Tools of MCP servers as agents: one session per server, its tools held to what was approved."""
