"""What people teach: understood, guarded, weighed against each other, and heeded in plans."""
