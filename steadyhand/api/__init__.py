"""The REST face. No tables, no rules."""
