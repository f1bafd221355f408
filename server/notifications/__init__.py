"""What somebody should know: his inbox, and the channels that reach him when he is not looking."""
