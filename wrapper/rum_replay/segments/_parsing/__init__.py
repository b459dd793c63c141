"""From bytes to segments: sources, the envelopes around segments, and the JSON in them, in constant memory."""
