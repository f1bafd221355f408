"""What the program tells its operator: logs, health and metrics."""
