"""Counterpoint measured beside other servers of Yjs documents, in one run and under one load."""
