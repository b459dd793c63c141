"""What keeps credentials and personal fields out of everything that is written."""
