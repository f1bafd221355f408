"""Where a series goes: direction, season, forecast, anomalies, and when it comes to a threshold (contract, 2.2).

Numbers are arrays here; numpy is imported when the first trend is asked for (server.performance.trends.service).
"""
