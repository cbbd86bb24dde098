"""hftgen: one typed spec per environment becomes everything that delivers a trading platform."""

__version__ = "0.1.0"
