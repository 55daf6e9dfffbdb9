"""Mail that reaches us: read, told apart, filed with its client or kept for somebody to file."""

from steadyhand.comms.mail.receiving.taking_in import receive

__all__ = ["receive"]
