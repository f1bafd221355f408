"""Chat: what concerns people, in the messenger of their choice, by way of Apprise."""
