"""Outside tools that look at a rendered tree, each through an adapter; those that are found take part."""
