"""Web Push: notifications for browsers and phones whose app is closed."""
