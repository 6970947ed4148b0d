"""The read API put together: all resources under one address, their description, and the page about them."""
