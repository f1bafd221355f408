"""The broker of many nodes: Redis or Valkey carries, and is never trusted to have carried."""
