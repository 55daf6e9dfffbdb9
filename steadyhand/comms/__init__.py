"""Room: what is said to clients and among us: calls, messages, meetings, and what they leave behind."""
