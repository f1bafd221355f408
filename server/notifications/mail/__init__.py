"""The channel "email": letters, digests, and the way out of them."""
