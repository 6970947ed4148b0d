from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "zaitaku.sources"
    verbose_name = "出典"
