from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = "指標"

    def ready(self) -> None:
        """The registry reads what the database knows of definitions."""
        from indicators.definitions.own import read_definitions_from
        from indicators.queries.stored_definitions import read_stored_definitions

        read_definitions_from(read_stored_definitions)
