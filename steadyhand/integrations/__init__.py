"""Outside systems, a folder for each: its client, what is fetched, and a server of its shape for tests."""
