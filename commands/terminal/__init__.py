"""What commands share: their options, what they print, and the installation they work on."""
