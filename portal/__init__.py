"""Where one answers: pages for towns, reviewers and the bureau."""
