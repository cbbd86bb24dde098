"""Facts: pure functions from a resolved environment to the plain JSON that templates read."""
