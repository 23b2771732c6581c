"""Reports: written as Markdown, rendered as HTML and PDF."""
