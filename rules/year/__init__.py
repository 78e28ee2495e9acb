"""The year: who lives in a village, how often each is looked after, and what is done for them."""
