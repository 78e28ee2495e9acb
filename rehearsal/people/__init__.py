"""People: accounts, rights and what they prove themselves with."""
