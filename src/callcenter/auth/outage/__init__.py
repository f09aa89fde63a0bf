"""Logging in and out while the database is away: for seats alone, by what was kept, and written afterwards."""
