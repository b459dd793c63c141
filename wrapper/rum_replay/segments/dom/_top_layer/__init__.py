"""What a page shows above everything else, and what has the focus."""
