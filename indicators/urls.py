from django.urls import path

from indicators.views.catalogue import indicator_list
from indicators.views.detail import figure_provenance, indicator_detail
from indicators.views.exports import indicator_file
from indicators.views.home import home

app_name = "indicators"
urlpatterns = [
    path("", home, name="home"),
    path("indicators/", indicator_list, name="indicator-list"),
    path("indicators/<str:code>/", indicator_detail, name="indicator-detail"),
    path("indicators/<str:code>/figures.<str:extension>", indicator_file, name="indicator-file"),
    path("indicators/<str:code>/provenance/<str:region_code>/", figure_provenance, name="figure-provenance"),
]
