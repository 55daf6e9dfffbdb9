"""The work shown: links, content, advice for the website and its health, against what was planned (R3)."""
