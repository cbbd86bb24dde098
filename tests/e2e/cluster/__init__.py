"""A real control plane on this machine's loopback, and what it says of the rendered trees."""
