"""Make and check dossiers."""
