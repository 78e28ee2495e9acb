"""What is said: messages, templates and channels."""
