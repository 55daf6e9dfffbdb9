"""What the client's pages answer."""
