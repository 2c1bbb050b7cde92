"""The door to people: the register, roles, accounts and keys over the API, which itself asks people who is there."""

IN_SCHEMA = "People"
