"""Who comes in by the web, and by which proof."""
