"""Where in its life a community is: recognised from its figures, confirmed by a person."""
