"""Names: where we may connect to."""
