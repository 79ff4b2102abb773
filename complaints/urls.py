from django.urls import path

from . import views

app_name = "complaints"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("export/", views.desk_export, name="desk-export"),
    path("analysis/", views.analysis, name="analysis"),
    path("of/<str:code>/", views.community_numbers, name="community-numbers"),
    path("requests/", views.request_list, name="request-list"),
    path("requests/new/", views.request_new, name="request-new"),
    path("requests/<int:pk>/", views.request_detail, name="request-detail"),
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/desk/", views.mailbox_desk, name="mailbox-desk"),
    path("mailbox/<int:pk>/answer/", views.mailbox_answer, name="mailbox-answer"),
    path("phone/", views.phone_desk, name="phone-desk"),
    path("phone/cases/", views.phone_cases, name="phone-cases"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/do/<slug:doing>/", views.act, name="act"),
    path("people/<int:pk>/call/", views.call_back, name="call-back"),
    path("people/<int:pk>/contact/", views.contact_read, name="contact-read"),
    path("photos/<uuid:client_id>/", views.photo, name="photo"),
    path("photos/<uuid:client_id>/small/", views.photo_small, name="photo-small"),
    path("new/", views.new, name="new"),
    path("new/<str:code>/", views.new_here, name="new-here"),
    path("queue/", views.receive, name="receive"),
    path("photos/", views.photo_upload, name="photo-upload"),
    path("photos/sent/<uuid:client_id>/", views.photo_sent, name="photo-sent"),
    path("lookup/", views.lookup, name="lookup"),
    path("lookup/link/", views.link_send, name="link-send"),
    path("my/<str:token>/", views.mine, name="mine"),
    path("my/<str:token>/slip/", views.mine_slip, name="mine-slip"),
    path("my/<str:token>/add/", views.mine_add, name="mine-add"),
    path("my/<str:token>/rate/", views.mine_rate, name="mine-rate"),
    path("my/<str:token>/withdraw/", views.mine_withdraw, name="mine-withdraw"),
    path("my/<str:token>/photos/<uuid:client_id>/", views.mine_photo, name="mine-photo"),
    path("my/<str:token>/photos/<uuid:client_id>/small/", views.mine_photo_small, name="mine-photo-small"),
]
