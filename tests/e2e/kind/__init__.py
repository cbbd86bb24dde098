"""Clusters on one machine, by kind's own program."""
