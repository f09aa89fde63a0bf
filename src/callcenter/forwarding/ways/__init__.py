"""The ways to another centre, one file each; only the composition root picks them."""
