"""What MkDocs loads to build the documentation site."""
