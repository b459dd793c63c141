"""What the style sheets of a page do to its elements, as far as the recorded CSS says it."""
