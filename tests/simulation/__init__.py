"""Several nodes and their clients in one thread and in virtual time: a seed says everything that happens."""
