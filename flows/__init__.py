"""In what order: the dated stages of the notice."""
