"""Typed policy and its pure evaluation: facts go in, promises come out."""
