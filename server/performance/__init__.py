"""Monitoring: sampling, series, thresholds and alerts, trends, advice and reports."""
