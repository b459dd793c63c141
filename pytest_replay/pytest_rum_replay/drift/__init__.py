"""What has changed between cassettes and the live API, told when a run verifies."""
