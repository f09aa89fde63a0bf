"""Several servers on one database: which of them live, of which release, and who steps back for whom."""
