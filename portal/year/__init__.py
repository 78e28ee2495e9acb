"""The year: pages for whoever looks after a village."""
