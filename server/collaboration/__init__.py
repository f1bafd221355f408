"""Workspaces and documents for people and programs."""
