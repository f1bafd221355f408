"""Several servers on one store: who is there, who has died, and what only one of them does."""
