"""Who may approve, tried out: at random, and case by case."""
