"""What people say about themselves: which of their accounts are one person."""
