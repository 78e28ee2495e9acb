"""What must hold between the values of a campaign folder: one file here per file there."""
