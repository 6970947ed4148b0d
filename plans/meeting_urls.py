"""Addresses of what is agreed and shared: 協議の場, 年間スケジュール, 入退院支援ルール, 好事例."""

from django.urls import path

from plans.views import calendars, discharge, meetings, practices, schedule

urlpatterns = [
    path("plans/<int:plan_id>/meetings/", meetings.show_meetings, name="meeting-list"),
    path("plans/<int:plan_id>/meetings/new/", meetings.edit_meeting, name="meeting-create"),
    path("plans/<int:plan_id>/meetings/<int:meeting_id>/", meetings.show_meeting, name="meeting-detail"),
    path("plans/<int:plan_id>/meetings/<int:meeting_id>/edit/", meetings.edit_meeting, name="meeting-edit"),
    path("plans/<int:plan_id>/meetings/<int:meeting_id>/remove/", meetings.remove_meeting, name="meeting-remove"),
    path(
        "plans/<int:plan_id>/meetings/<int:meeting_id>/decisions/new/", meetings.edit_decision, name="decision-create"
    ),
    path(
        "plans/<int:plan_id>/meetings/<int:meeting_id>/decisions/<int:decision_id>/",
        meetings.edit_decision,
        name="decision-edit",
    ),
    path("plans/<int:plan_id>/schedule/", schedule.show_schedule, name="schedule"),
    path("plans/<int:plan_id>/schedule/schedule.ics", schedule.download_schedule, name="schedule-file"),
    path("plans/<int:plan_id>/schedule/<slug:kind>/<int:record>.ics", schedule.download_entry, name="schedule-entry"),
    path("plans/<int:plan_id>/schedule/new/", schedule.edit_item, name="schedule-item-create"),
    path("plans/<int:plan_id>/schedule/items/<int:item_id>/", schedule.edit_item, name="schedule-item"),
    path("plans/<int:plan_id>/schedule/items/<int:item_id>/remove/", schedule.delete_item, name="schedule-item-remove"),
    path("plans/<int:plan_id>/schedule/links/", calendars.manage_links, name="calendar-links"),
    path("plans/<int:plan_id>/schedule/links/<int:link_id>/revoke/", calendars.revoke_link, name="calendar-revoke"),
    path("calendar/<str:token>.ics", calendars.feed, name="calendar-feed"),
    path("calendar/<str:token>/", calendars.show_shared, name="calendar-page"),
    path("plans/<int:plan_id>/discharge-rules/", discharge.show_rules, name="discharge-list"),
    path("plans/<int:plan_id>/discharge-rules/new/<str:area_code>/", discharge.new_rule, name="discharge-create"),
    path("plans/<int:plan_id>/discharge-rules/<int:rule_id>/", discharge.show_rule, name="discharge-detail"),
    path("plans/<int:plan_id>/discharge-rules/<int:rule_id>/remove/", discharge.delete_rule, name="discharge-remove"),
    path("practices/", practices.show_practices, name="practice-list"),
    path("practices/new/", practices.edit_practice, name="practice-create"),
    path("practices/<int:practice_id>/", practices.show_practice, name="practice-detail"),
    path("practices/<int:practice_id>/edit/", practices.edit_practice, name="practice-edit"),
    path("practices/<int:practice_id>/settle/", practices.settle_practice, name="practice-settle"),
]
