"""What we ask of clients, and what they asked of us: rung for, found out, never forgotten."""
