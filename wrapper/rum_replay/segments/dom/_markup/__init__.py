"""A page as inert HTML."""
