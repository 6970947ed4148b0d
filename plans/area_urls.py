"""Addresses of the drafts of areas."""

from django.urls import path

from plans.views import area_adoption, area_compare, area_drafts, area_editor, area_suggest

urlpatterns = [
    path("area-drafts/", area_drafts.show_drafts, name="draft-list"),
    path("area-drafts/new/", area_drafts.new_draft, name="draft-create"),
    path("area-drafts/links/", area_drafts.show_links, name="link-list"),
    path("area-drafts/compare/", area_compare.compare_drafts, name="draft-compare"),
    path("area-drafts/<int:draft_id>/", area_editor.show_draft, name="draft-detail"),
    path("area-drafts/<int:draft_id>/change/", area_editor.change, name="draft-change"),
    path("area-drafts/<int:draft_id>/resolve/", area_editor.resolve, name="draft-resolve"),
    path("area-drafts/<int:draft_id>/settings/", area_drafts.change_settings, name="draft-settings"),
    path("area-drafts/<int:draft_id>/areas.csv", area_editor.download_draft, name="draft-download"),
    path("area-drafts/<int:draft_id>/suggest/", area_suggest.suggest, name="draft-suggest"),
    path("area-drafts/<int:draft_id>/adopt/", area_adoption.adopt, name="draft-adopt"),
    path("area-schemes/<int:scheme_id>/withdraw/", area_adoption.withdraw, name="scheme-withdraw"),
]
