"""Steadyhand: the operating system of an agency's client-services team."""

__version__ = "0.1.0"
