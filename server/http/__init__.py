"""What every HTTP request goes through, whatever it asks for."""
