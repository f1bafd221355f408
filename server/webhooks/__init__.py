"""Webhooks: events that are sent to addresses of users, signed, retried and written down."""
