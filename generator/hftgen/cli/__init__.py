"""The command line: options become one frozen request, one call into the core, one print."""
