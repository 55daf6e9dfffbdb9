"""Staff pages. No tables, no rules."""
