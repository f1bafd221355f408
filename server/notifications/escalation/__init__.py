"""Escalation: whom something urgent calls, one after the other, until somebody acknowledges it."""
