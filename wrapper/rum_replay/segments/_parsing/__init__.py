"""From bytes to segments, in constant memory: sources, the envelopes around segments, and the JSON in them."""
