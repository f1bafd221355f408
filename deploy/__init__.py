"""Counterpoint as several nodes: on one machine (`python -m deploy`), and what a container's proxy is told."""
