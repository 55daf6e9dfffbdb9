"""Mail to and from clients: written, reviewed, sent, received, filed."""
