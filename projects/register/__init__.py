"""The register of projects: what they are, which targets they serve, who takes part."""
