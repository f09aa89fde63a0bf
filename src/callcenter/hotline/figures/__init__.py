"""How many calls came, who was spoken with, how soon and for how long. Read from the calls themselves, each time anew: nothing is kept twice."""
