"""Words and rules as data."""
