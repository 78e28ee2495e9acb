"""Everything on one machine: checked, started, watched."""
