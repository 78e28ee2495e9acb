"""What is right: pure functions and frozen dataclasses, nothing but the standard library."""
