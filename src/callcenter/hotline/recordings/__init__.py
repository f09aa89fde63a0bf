"""What was said on the telephone: taken in from the exchange, sealed, heard with a reason, kept and let go."""
