"""Asking our own web server whether it is there."""

from __future__ import annotations

import http.client
import socket

from steadyhand.config import Config


class Probe:
    """Looks at the address a configuration listens on, from this machine."""

    def __init__(self, config: Config) -> None:
        self.host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.bind, config.bind)  # noqa: S104
        self.port = config.port
        names = [name for name in config.allowed_hosts if name[0] not in "*."]
        self.name = names[0] if names else "localhost"

    def port_is_taken(self) -> bool:
        """Whether some program listens there."""
        try:
            with socket.create_connection((self.host, self.port), timeout=1):
                return True
        except OSError:
            return False

    def status(self, path: str) -> int | None:
        """The status a page answers with; None when nothing answers."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        try:
            connection.request("GET", path, headers={"Host": self.name})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def first_page(self) -> bool:
        """Whether the first page can be had."""
        return self.status("/healthz") == 200 and (self.status("/") or 500) < 500
