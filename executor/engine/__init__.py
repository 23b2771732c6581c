"""The engine port and its one adapter."""
