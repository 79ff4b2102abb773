from django.urls import path

from . import views

app_name = "communities"
urlpatterns = [
    path("duties/", views.duties, name="duties"),
    path("leave/new/<int:pk>/", views.leave_new, name="leave-new"),
    path("leave/<int:pk>/take-back/", views.leave_take_back, name="leave-take-back"),
    path("<int:pk>/substitute/", views.substitute_new, name="substitute-new"),
    path("<int:pk>/hand-over/", views.hand_over, name="hand-over"),
    path("heads/", views.heads, name="heads"),
    # owners' committees
    path("committees/", views.committee_list, name="committee-list"),
    path("committees/export/", views.committee_list_export, name="committee-list-export"),
    path("committees/watch/", views.committee_watch, name="committee-watch"),
    path("committees/own/", views.own_committee, name="own-committee"),
    path("<int:pk>/committee/new/", views.committee_new, name="committee-new"),
    path("<int:pk>/election/new/", views.election_new, name="election-new"),
    path("<int:pk>/branch/new/", views.branch_new, name="branch-new"),
    path("committees/<int:pk>/", views.committee_detail, name="committee-detail"),
    path("committees/<int:pk>/amend/", views.committee_amend, name="committee-amend"),
    path("committees/<int:pk>/end/", views.committee_end, name="committee-end"),
    path("committees/<int:pk>/member/new/", views.member_new, name="member-new"),
    path("committees/<int:pk>/concern/new/", views.concern_new, name="concern-new"),
    path("members/<int:pk>/end/", views.member_end, name="member-end"),
    path("members/<int:pk>/consent/", views.member_consent, name="member-consent"),
    path("concerns/<int:pk>/settle/", views.concern_settle, name="concern-settle"),
    path("elections/<int:pk>/steps/", views.election_steps, name="election-steps"),
    path("elections/<int:pk>/stop/", views.election_stop, name="election-stop"),
    path("elections/<int:pk>/finish/", views.election_finish, name="election-finish"),
    # registers
    path("records/", views.record_list, name="record-list"),
    path("records/export/", views.record_list_export, name="record-list-export"),
    path("records/<int:pk>/", views.record_detail, name="record-detail"),
    path("records/<int:pk>/strike/", views.record_strike, name="record-strike"),
    path("records/files/<int:pk>/", views.record_file, name="record-file"),
    path("<int:pk>/record/<slug:kind>/new/", views.community_record_new, name="community-record-new"),
    path("firms/<int:pk>/record/<slug:kind>/new/", views.firm_record_new, name="firm-record-new"),
    # hand-over lists
    path("exits/", views.exit_list, name="exit-list"),
    path("exits/<int:pk>/", views.exit_detail, name="exit-detail"),
    path("exits/<int:pk>/item/new/", views.exit_item_new, name="exit-item-new"),
    path("exits/<int:pk>/close/", views.exit_close, name="exit-close"),
    path("exits/items/<int:pk>/", views.exit_item_answer, name="exit-item-answer"),
    path("contracts/<int:pk>/exit/", views.exit_new, name="exit-new"),
]
