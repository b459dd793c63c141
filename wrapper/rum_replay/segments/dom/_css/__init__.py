"""CSS as it is recorded: which elements selectors match, the rules of style sheets, media queries, what is missing."""
