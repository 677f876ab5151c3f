"""Today: what is to be done, what is off course, what happened overnight."""
