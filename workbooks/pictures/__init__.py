"""Pictures in workbooks: found, located, made safe."""
