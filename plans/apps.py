from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "計画と圏域案"

    def ready(self) -> None:
        """The national view tells how far each plan is, the home page what is to be done, profiles which cases fit."""
        from indicators.home_panels import add_home_panel
        from indicators.nationals import register_plan_status
        from indicators.profile_hints import add_profile_hints
        from plans.plan_pages import home_panel
        from plans.practice_hints import make_hints
        from plans.queries.plans import get_plan_status
        from plans.queries.practices import get_state

        register_plan_status(get_plan_status)
        add_home_panel(home_panel)
        add_profile_hints(make_hints, state=get_state)
