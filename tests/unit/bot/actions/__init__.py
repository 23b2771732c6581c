"""Tests of unit bot actions."""
