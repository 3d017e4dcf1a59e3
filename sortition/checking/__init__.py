"""Whether quotas can be met, and what to do where they cannot."""
