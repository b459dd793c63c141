"""Speed, size and memory, as ratios to what else people would use. Run by scripts/benchmark; results: RESULTS.md."""
