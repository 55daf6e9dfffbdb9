"""Every URL and every role: in progress, see test names below."""
