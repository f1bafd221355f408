"""The one way out: every request to an address that somebody else has chosen goes through here."""
