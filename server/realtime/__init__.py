"""Connections, rooms at work, the broker and the materialiser."""
