"""Clients, contacts, engagements and who may see whom."""
