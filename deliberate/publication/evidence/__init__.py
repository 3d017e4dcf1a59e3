"""New evidence: experiences attached to passages after their adoption, which may lead to a new round."""
