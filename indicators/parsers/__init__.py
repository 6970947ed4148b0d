"""Pure parsers: an official statistics file in, an `ObservationTable` out (or `FileRefused`)."""
