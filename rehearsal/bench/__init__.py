"""Benchmarks: figures as ratios against a named baseline."""
