from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "zaitaku.jobs"
    verbose_name = "ジョブ"
