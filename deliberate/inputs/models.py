"""Tables of inputs."""
