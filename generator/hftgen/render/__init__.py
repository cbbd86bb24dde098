"""From templates and contexts to files: discovery, engines, emitter, worker processes."""
