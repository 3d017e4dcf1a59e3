"""Open questions: their wordings, the ones that ship, and the sheets they are answered on."""
