"""Accounts, credentials, roles and the one table of who may what."""
