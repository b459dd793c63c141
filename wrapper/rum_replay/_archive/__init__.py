"""An archive on disk: what is in it, where, and what is still to be done."""
