"""The network guard: a run that reaches nobody but whom it may."""
