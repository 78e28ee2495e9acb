"""The annotated copy: findings marked in the town's own file."""
