"""Where built-in tools that burn time and memory work: processes of their own, ended by kill."""
