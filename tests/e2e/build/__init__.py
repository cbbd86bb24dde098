"""What builds, with real compilers and package managers."""
