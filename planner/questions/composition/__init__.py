"""The words of a question as typed pieces, and one question composed of them whatever their order."""
