"""One module for each type of source: what it answers when it is asked for its figures."""
