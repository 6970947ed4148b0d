"""What plans are made of before a prefecture changes anything: chapters, themes, periods."""
