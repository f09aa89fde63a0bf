"""A package, so that its fixtures can live until its last test: `scope="package"`."""
