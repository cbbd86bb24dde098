"""The spec's `patches`: what they do to an object, whether it stands in a Kustomize base or in a Helm template."""
