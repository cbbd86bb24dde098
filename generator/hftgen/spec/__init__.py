"""The spec: models, units, rules; from YAML text to one checked value with the place of everything in it."""
