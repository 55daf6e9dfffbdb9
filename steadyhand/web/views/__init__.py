"""Staff pages, by area."""
