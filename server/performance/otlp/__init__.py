"""Metrics as OpenTelemetry sends them (OTLP 1.x over HTTP), into samples of a source."""
