"""Names by which people, assistive technology and selectors know elements."""
