"""What Kubernetes and its CustomResourceDefinitions say an object looks like; unknown fields are refused."""
