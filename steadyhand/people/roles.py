"""The one catalogue of what each role may do (MISSION F1, P1).

Which clients a person sees is not decided here but by the account teams (`clients.Access`);
only `SEE_ALL_CLIENTS` steps over them.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class Role(models.TextChoices):
    """What somebody is at the agency."""

    EXECUTIVE = "account_executive", "Account executive"
    MANAGER = "account_manager", "Account manager"
    SENIOR_MANAGER = "senior_account_manager", "Senior account manager"
    DIRECTOR = "account_director", "Account director"
    HEAD = "head_of_client_services", "Head of client services"
    SPONSOR = "executive_sponsor", "Executive sponsor"
    MANAGING_DIRECTOR = "managing_director", "Managing director"
    NEW_BUSINESS = "new_business", "New business"
    HEAD_OF_STRATEGY = "head_of_strategy", "Head of strategy"
    HEAD_OF_OPERATIONS = "head_of_operations", "Head of operations"
    OPERATIONS = "operations_support", "Operations support"
    DEPARTMENT_LEAD = "department_lead", "Department lead"
    DELIVERABLE_MANAGER = "deliverable_manager", "Deliverable manager"
    FINANCE = "finance", "Finance"
    ADMINISTRATOR = "administrator", "Administrator"


class Capability(StrEnum):
    """One thing a role may be allowed to do."""

    SEE_ALL_CLIENTS = "see_all_clients"
    SEE_TEAM = "see_team"
    EDIT_CLIENTS = "edit_clients"
    KEEP_PROMISES = "keep_promises"
    AGREE_PLANS = "agree_plans"
    MANAGE_ACCOUNT_TEAMS = "manage_account_teams"
    END_CLIENTS = "end_clients"
    WIN_CLIENTS = "win_clients"
    SEE_ALL_LEADS = "see_all_leads"
    EDIT_PLAYBOOK = "edit_playbook"
    PUBLISH_PLAYBOOK = "publish_playbook"
    IMPORT = "import"
    EXPORT = "export"
    SEE_FINANCE = "see_finance"
    SEE_PEOPLE_DATA = "see_people_data"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SETTINGS = "manage_settings"


C = Capability
_DELIVERS = frozenset({C.KEEP_PROMISES})
_ACCOUNTS = _DELIVERS | {C.EDIT_CLIENTS}
_LEADS = _ACCOUNTS | {C.AGREE_PLANS}
_DIRECTS = _LEADS | {C.MANAGE_ACCOUNT_TEAMS, C.SEE_TEAM, C.WIN_CLIENTS}
_HEADS = _DIRECTS | {
    C.SEE_ALL_CLIENTS,
    C.SEE_ALL_LEADS,
    C.END_CLIENTS,
    C.EDIT_PLAYBOOK,
    C.PUBLISH_PLAYBOOK,
    C.IMPORT,
    C.EXPORT,
}

CATALOGUE: dict[Role, frozenset[Capability]] = {
    Role.EXECUTIVE: _ACCOUNTS,
    Role.MANAGER: _LEADS,
    Role.SENIOR_MANAGER: _LEADS | {C.WIN_CLIENTS},
    Role.DIRECTOR: _DIRECTS,
    Role.HEAD: _HEADS | {C.MANAGE_PEOPLE, C.SEE_FINANCE},
    Role.SPONSOR: _DELIVERS | {C.SEE_TEAM},
    Role.MANAGING_DIRECTOR: _HEADS | {C.MANAGE_PEOPLE, C.MANAGE_SETTINGS, C.SEE_FINANCE, C.SEE_PEOPLE_DATA},
    Role.NEW_BUSINESS: _ACCOUNTS | {C.IMPORT, C.WIN_CLIENTS, C.SEE_ALL_LEADS},
    Role.HEAD_OF_STRATEGY: _LEADS | {C.SEE_ALL_CLIENTS, C.SEE_TEAM, C.EDIT_PLAYBOOK},
    Role.HEAD_OF_OPERATIONS: _DIRECTS | {C.SEE_ALL_CLIENTS, C.EDIT_PLAYBOOK, C.IMPORT, C.EXPORT},
    Role.OPERATIONS: _ACCOUNTS | {C.SEE_ALL_CLIENTS, C.IMPORT},
    Role.DEPARTMENT_LEAD: _DELIVERS | {C.SEE_TEAM},
    Role.DELIVERABLE_MANAGER: _DELIVERS,
    Role.FINANCE: frozenset({C.SEE_ALL_CLIENTS, C.SEE_FINANCE, C.EXPORT}),
    Role.ADMINISTRATOR: frozenset(Capability),
}

#: Each capability as the end of “your role lets you …”.
CAPABILITY_WORDS: dict[Capability, str] = {
    C.SEE_ALL_CLIENTS: "see every client, on its team or not",
    C.SEE_TEAM: "see how the team is doing",
    C.EDIT_CLIENTS: "change clients, contacts and engagements",
    C.KEEP_PROMISES: "keep, move, hand over and waive promises",
    C.AGREE_PLANS: "agree a client's plan",
    C.MANAGE_ACCOUNT_TEAMS: "decide who is on an account team",
    C.END_CLIENTS: "end, merge and restore clients",
    C.WIN_CLIENTS: "work on leads, from the first word to the win",
    C.SEE_ALL_LEADS: "see every lead, named on it or not",
    C.EDIT_PLAYBOOK: "edit a draft of the playbook",
    C.PUBLISH_PLAYBOOK: "publish the playbook",
    C.IMPORT: "import clients and undo an import",
    C.EXPORT: "export the book",
    C.SEE_FINANCE: "see what clients pay and owe in full",
    C.SEE_PEOPLE_DATA: "see personal and HR details of colleagues",
    C.MANAGE_PEOPLE: "add, invite and change members",
    C.MANAGE_SETTINGS: "change the agency's settings",
}

#: The scopes an API token may carry: a token never does more than its owner.
READ_ONLY = frozenset({C.SEE_ALL_CLIENTS, C.SEE_ALL_LEADS, C.SEE_TEAM, C.SEE_FINANCE})


def capabilities_of(role: str) -> frozenset[Capability]:
    """What a role may do; nothing for a role that does not exist."""
    try:
        return CATALOGUE[Role(role)]
    except ValueError:
        return frozenset()


def roles_with(*capabilities: Capability) -> list[Role]:
    """The roles that grant at least one of these, in the catalogue's order."""
    return [role for role, granted in CATALOGUE.items() if granted & set(capabilities)]
