from django.urls import path

from . import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("office/", views.office, name="office"),
    path("leader/", views.leader, name="leader"),
    path("communities/", views.community_list, name="community-list"),
    path("communities/<int:pk>/", views.community, name="community"),
    path("communities/<int:pk>/archive/", views.community_archive, name="community-archive"),
    path("communities/<int:pk>/archive/export/", views.community_archive_export, name="community-archive-export"),
    path("search/", views.search, name="search"),
    path("q/<str:code>/", views.gate, name="gate"),
    path("contacts/", views.contacts, name="contacts"),
    path("sw.js", views.service_worker, name="service-worker"),
    path("offline/", views.offline, name="offline"),
    path("help/", views.help, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("feedback/", views.feedback, name="feedback"),
    path("handover/", views.handover, name="handover"),
    path("handover/new/<int:pk>/", views.handover_new, name="handover-new"),
    path("handover/<int:pk>/", views.handover_slip, name="handover-slip"),
    path("handover/<int:pk>/paper/", views.handover_paper, name="handover-paper"),
    path("handover/<int:pk>/confirm/", views.handover_confirm, name="handover-confirm"),
    path("handover/<int:pk>/promise/", views.handover_promise, name="handover-promise"),
    path("handover/<int:pk>/withdraw/", views.handover_withdraw, name="handover-withdraw"),
    path("handover/promise/<int:pk>/done/", views.promise_done, name="promise-done"),
]
