from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "計画と圏域案"

    def ready(self) -> None:
        """The national view tells how far each plan is, and the home page what is to be done."""
        from indicators.home_panels import add_home_panel
        from indicators.nationals import register_plan_status
        from plans.plan_pages import home_panel
        from plans.queries.plans import get_plan_status

        register_plan_status(get_plan_status)
        add_home_panel(home_panel)
