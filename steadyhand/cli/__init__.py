"""The command line. No tables, no rules."""
