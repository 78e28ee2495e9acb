"""What is exchanged: Excel templates, reading into located cells, printable lists."""
