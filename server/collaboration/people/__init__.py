"""People of a workspace: who is invited, and who is here."""
