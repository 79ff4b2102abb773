from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("demo-sign-in/", views.demo_sign_in, name="demo-sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("token/", views.token, name="token"),
    path("", views.me, name="me"),
    path("role/", views.role, name="role"),
    path("looks/", views.looks, name="looks"),
    path("password/", views.password_change, name="password-change"),
    path("email/", views.email, name="email"),
    path("email/confirm/", views.email_confirm, name="email-confirm"),
    path("phone/", views.phone, name="phone"),
    path("phone/confirm/", views.phone_confirm, name="phone-confirm"),
    path("channels/", views.channels, name="channels"),
    path("devices/", views.devices, name="devices"),
    path("devices/end-others/", views.devices_end_others, name="devices-end-others"),
    path("devices/<int:pk>/end/", views.device_end, name="device-end"),
    path("shared-phone/", views.shared_phone, name="shared-phone"),
    path("shared-phone/people/", views.shared_phone_people, name="shared-phone-people"),
    path("shared-phone/open/", views.shared_phone_open, name="shared-phone-open"),
    path("shared-phone/people/<int:pk>/code/", views.shared_phone_code, name="shared-phone-code"),
    path("shared-phone/hand-over/", views.shared_phone_hand_over, name="shared-phone-hand-over"),
    path("shared-phone/<int:pk>/end/", views.shared_phone_end, name="shared-phone-end"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.inbox_read, name="inbox-read"),
    path("inbox/<int:pk>/", views.message_open, name="message-open"),
    path("roles/", views.role_list, name="role-list"),
    path("roles/<int:pk>/review/", views.role_review, name="role-review"),
    path("resets/", views.password_reset_list, name="password-reset-list"),
    path("resets/find/", views.password_reset_find, name="password-reset-find"),
    path("resets/new/<int:pk>/", views.password_reset_new, name="password-reset-new"),
    path("resets/<int:pk>/approve/", views.password_reset_approve, name="password-reset-approve"),
    path("resets/<int:pk>/withdraw/", views.password_reset_withdraw, name="password-reset-withdraw"),
]
