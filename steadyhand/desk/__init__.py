"""Read-only compositions across areas: Today, client page, brief. No tables."""
