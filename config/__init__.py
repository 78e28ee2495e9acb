"""What differs: settings from the environment, a folder per campaign, calendars."""
