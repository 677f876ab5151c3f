"""Matrix: an application service on a homeserver, heard and spoken through."""
