"""The suite in `downstream` stands for somebody else's: it has settings of its own, and test_downstream.py runs it."""

collect_ignore = ["downstream"]
