"""The platform on one machine, for development: what compose.yaml says. Names, ports and order; no secret value."""
