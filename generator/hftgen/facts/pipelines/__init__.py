"""The pipelines: one description of jobs, which GitLab, GitHub Actions and Jenkins are all shaped from."""
