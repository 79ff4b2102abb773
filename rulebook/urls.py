"""规则与依据."""

from django.urls import path

from rulebook import views

app_name = "rulebook"
urlpatterns = [
    path("", views.rules, name="rules"),
    path("new/", views.rule_new, name="rule-new"),
    path("check/<int:pk>/", views.rule_check, name="rule-check"),
    path("about/<str:key>/", views.rule, name="rule"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/load/", views.calendar_load, name="calendar-load"),
    path("calendar/check/<int:pk>/", views.calendar_check, name="calendar-check"),
]
