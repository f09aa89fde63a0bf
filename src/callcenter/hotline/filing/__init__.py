"""What calls were about, what follows from it, and what is still to be done."""
