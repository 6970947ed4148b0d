"""Addresses of plans, their chapters, comments and versions."""

from django.urls import path

from plans.views import chapters, comments, comparison, handover, plans, versions, writing

urlpatterns = [
    path("plans/", plans.show_plans, name="plan-list"),
    path("plans/compare/", comparison.compare_plans, name="plan-comparison"),
    path("plans/compare.<str:extension>", comparison.comparison_file, name="plan-comparison-file"),
    path("plans/new/", plans.begin_plan, name="plan-create"),
    path("plans/<int:plan_id>/", plans.show_plan, name="plan-detail"),
    path("plans/<int:plan_id>/settings/", plans.change_settings, name="plan-settings"),
    path("plans/<int:plan_id>/handover/", handover.show_handover, name="handover"),
    path("plans/<int:plan_id>/handover.<str:extension>", handover.handover_file, name="handover-file"),
    path("plans/<int:plan_id>/chapters/", chapters.create_chapter, name="chapter-create"),
    path("plans/<int:plan_id>/comments/", comments.show_comments, name="comment-list"),
    path("plans/<int:plan_id>/mentions/seen/", comments.see_all, name="mention-seen"),
    path("plans/<int:plan_id>/submit/", versions.submit, name="plan-submit"),
    path("plans/<int:plan_id>/difference/", versions.show_difference, name="plan-difference"),
    path("plans/chapters/<int:chapter_id>/", chapters.show_chapter, name="chapter-detail"),
    path("plans/chapters/<int:chapter_id>/settings/", chapters.change_chapter, name="chapter-settings"),
    path("plans/chapters/<int:chapter_id>/arrange/", chapters.arrange_chapter, name="chapter-arrange"),
    path("plans/chapters/<int:chapter_id>/history/", chapters.show_history, name="chapter-history"),
    path("plans/chapters/<int:chapter_id>/restore/", chapters.restore, name="chapter-restore"),
    path("plans/chapters/<int:chapter_id>/comments/", comments.comment_on_chapter, name="chapter-comment"),
    path("plans/chapters/<int:chapter_id>/edit/", writing.edit_chapter, name="chapter-edit"),
    path("plans/chapters/<int:chapter_id>/draft/", writing.autosave, name="chapter-autosave"),
    path("plans/chapters/<int:chapter_id>/draft/discard/", writing.discard, name="chapter-discard"),
    path("plans/chapters/<int:chapter_id>/conflict/", writing.settle_conflict, name="chapter-conflict"),
    path("plans/comments/<int:comment_id>/reply/", comments.reply, name="comment-reply"),
    path("plans/comments/<int:comment_id>/resolve/", comments.resolve, name="comment-resolve"),
    path("plans/versions/<int:version_id>/", versions.show_version, name="version-detail"),
    path("plans/versions/<int:version_id>/decide/", versions.decide_version, name="version-decide"),
    path("plans/versions/<int:version_id>/withdraw/", versions.withdraw, name="version-withdraw"),
    path("plans/versions/<int:version_id>/publish/", versions.publish, name="version-publish"),
]
