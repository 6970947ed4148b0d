from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = "指標"

    def ready(self) -> None:
        """The registry reads the prefectures' own definitions from the database."""
        from indicators.definitions.own import read_own_from
        from indicators.queries.own_definitions import read_published

        read_own_from(read_published)
