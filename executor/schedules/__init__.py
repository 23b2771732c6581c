"""What starts by itself when its time has come."""
