"""Rules over several fields of an environment."""
