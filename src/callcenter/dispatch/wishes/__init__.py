"""What somebody who is looked after wishes of those who come: said in a call, carried to the next visit, ticked off there."""
