"""Who can sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac


class UserAccounts(BaseUserManager["User"]):
    """Making users; the e-mail address is the name they sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who can sign in; without a password only by code, passkey or link."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A sign-in. Who the person *is* stands in `Member` (ours) or, later, a contact (a client's)."""

    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    sign_outs = models.PositiveIntegerField(default=0, help_text="How often every session was ended.")

    objects = UserAccounts()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email

    def end_sessions(self) -> None:
        """Sign out everywhere: no session made before now fits any more (a new password does the same)."""
        self.sign_outs += 1
        self.save(update_fields=["sign_outs"])

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Django's own, over the password and the number of times every session was ended."""
        salt = "steadyhand.people.User.session"
        value = f"{self.sign_outs}:{self.password}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()
