"""Lists: recommendation, award and the papers that go out."""
