"""The web: pages, the API and live events. One more door to the same actions and queries."""
