"""Speed, size and memory, as ratios to the alternatives. scripts/benchmark runs this; the results are in RESULTS.md."""
