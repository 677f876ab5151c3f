"""OneBot 11: the unofficial protocol by which programs speak as a QQ account; shut until its notice is accepted."""
