"""The tables of people."""

from steadyhand.people.models.member import Absence, Member, MemberState, News, SavedView
from steadyhand.people.models.user import User

__all__ = ["Absence", "Member", "MemberState", "News", "SavedView", "User"]
