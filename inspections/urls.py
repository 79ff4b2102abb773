from django.urls import path, register_converter

from lib.periods import WeekConverter

from . import views

register_converter(WeekConverter, "week")

app_name = "inspections"
urlpatterns = [
    path("week/", views.week, name="week"),
    path("route/", views.route, name="route"),
    path("board/", views.week_board, name="week-board"),
    path("board/export/", views.week_board_export, name="week-board-export"),
    path("board/card/", views.week_card, name="week-card"),
    path("board/link/", views.week_link, name="week-link"),
    path("board/reason/<int:community>/<int:cadre>/<week:week>/", views.missed_reason, name="missed-reason"),
    path("", views.patrol_list, name="patrol-list"),
    path("export/", views.patrol_list_export, name="patrol-list-export"),
    path("new/", views.patrol_new, name="patrol-new"),
    path("new/offline/", views.patrol_offline, name="patrol-offline"),
    path("kit/", views.patrol_kit, name="patrol-kit"),
    path("queue/", views.queue, name="queue"),
    path("queue/patrol/", views.patrol_receive, name="patrol-receive"),
    path("<int:pk>/", views.patrol_detail, name="patrol-detail"),
    path("<int:pk>/done/", views.patrol_done, name="patrol-done"),
    path("<int:pk>/paper/", views.patrol_paper, name="patrol-paper"),
    path("<int:pk>/versions/<int:number>/", views.patrol_version, name="patrol-version"),
    path("<int:pk>/correct/", views.patrol_correct, name="patrol-correct"),
    path("<int:pk>/remark/", views.patrol_remark, name="patrol-remark"),
    path("<int:pk>/doubt/", views.patrol_doubt, name="patrol-doubt"),
    path("<int:pk>/void/", views.patrol_void, name="patrol-void"),
    path("findings/", views.finding_list, name="finding-list"),
    path("findings/export/", views.finding_list_export, name="finding-list-export"),
    path("findings/<int:pk>/", views.finding_detail, name="finding-detail"),
    path("findings/<int:pk>/lower/", views.finding_lower, name="finding-lower"),
    path("photos/", views.photo_upload, name="photo-upload"),
    path("photos/<uuid:client_id>/", views.photo, name="photo"),
    path("photos/<uuid:client_id>/small/", views.photo_small, name="photo-small"),
]
