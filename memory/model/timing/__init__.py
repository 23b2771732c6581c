"""Clocks, calendars and schedules."""
