from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "zaitaku.accounts"
    verbose_name = "アカウント"
