"""Tables, migrations, the update log and one store per domain, on SQLite and PostgreSQL alike."""
