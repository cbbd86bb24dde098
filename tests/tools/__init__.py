"""Outside validators that tests hold hftgen's output against: pinned, built into the untracked folder .tools/."""
