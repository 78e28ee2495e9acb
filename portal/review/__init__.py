"""Review: gates, decisions, score sheets, visits, recognition."""
