"""The register of adoptions: which territory made clauses of a charter its own, why, and what changed in them since."""
