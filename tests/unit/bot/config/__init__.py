"""Tests of unit bot config."""
