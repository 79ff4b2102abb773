from django.urls import path

from . import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("office/", views.office, name="office"),
    path("leader/", views.leader, name="leader"),
    path("communities/", views.community_list, name="community-list"),
    path("communities/<int:pk>/", views.community, name="community"),
    path("q/<str:code>/", views.gate, name="gate"),
    path("contacts/", views.contacts, name="contacts"),
    path("sw.js", views.service_worker, name="service-worker"),
    path("offline/", views.offline, name="offline"),
    path("help/", views.help, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("feedback/", views.feedback, name="feedback"),
]
