from django.urls import path, register_converter

from lib.periods import MonthConverter

from . import views

register_converter(MonthConverter, "month")

app_name = "assessments"
urlpatterns = [
    path("", views.board, name="board"),
    path("export/", views.board_export, name="board-export"),
    path("sheets/<int:pk>/", views.sheet, name="sheet"),
    path("sheets/<int:pk>/explain/", views.explain, name="explain"),
    path("sheets/<int:pk>/assess/", views.assess, name="assess"),
    path("sheets/<int:pk>/submit/", views.sheet_submit, name="sheet-submit"),
    path("sheets/<int:pk>/veto/", views.sheet_veto, name="sheet-veto"),
    path("sheets/<int:pk>/visit/", views.sheet_visit, name="sheet-visit"),
    path("sheets/<int:pk>/approve/", views.sheet_approve, name="sheet-approve"),
    path("sheets/<int:pk>/send-back/", views.sheet_send_back, name="sheet-send-back"),
    path("sheets/<int:pk>/publish/", views.sheet_publish, name="sheet-publish"),
    path("sheets/<int:pk>/revise/", views.sheet_revise, name="sheet-revise"),
    path("sheets/<int:pk>/appeal/", views.appeal_new, name="appeal-new"),
    path("sheets/<int:pk>/on-site/", views.on_site_new, name="on-site-new"),
    path("on-site/", views.on_site_send, name="on-site-send"),
    path("assess/", views.assess_send, name="assess-send"),
    path("appeals/", views.appeal_list, name="appeal-list"),
    path("appeals/<int:pk>/", views.appeal, name="appeal"),
    path("photos/", views.photo_upload, name="photo-upload"),
    path("photos/<uuid:client_id>/", views.photo, name="photo"),
    path("firm/", views.firm, name="firm"),
    path("half-year/new/", views.half_year_new, name="half-year-new"),
    path("bulletin/<month:month>/", views.bulletin, name="bulletin"),
    path("bulletin/<month:month>/export/", views.bulletin_export, name="bulletin-export"),
    path("public/<slug:code>/", views.public, name="public"),
    path("deposits/", views.deposit_list, name="deposit-list"),
    path("deposits/new/", views.deposit_new, name="deposit-new"),
    path("deposits/export/", views.deposit_export, name="deposit-export"),
    path("deposits/bank/", views.bank_lines, name="bank-lines"),
    path("deposits/<int:pk>/", views.deposit, name="deposit"),
    path("deposits/<int:pk>/amend/", views.deposit_amend, name="deposit-amend"),
    path("deposits/<int:pk>/paper/", views.deposit_paper, name="deposit-paper"),
    path("deposits/<int:pk>/entries/new/", views.entry_new, name="entry-new"),
    path("entries/<int:pk>/book/", views.entry_book, name="entry-book"),
    path("entries/<int:pk>/refuse/", views.entry_refuse, name="entry-refuse"),
    path("budgets/new/", views.budget_new, name="budget-new"),
    path("standing/", views.standing, name="standing"),
    path("talks/", views.talk_list, name="talk-list"),
    path("talks/<int:pk>/", views.talk, name="talk"),
    path("credit/", views.credit_list, name="credit-list"),
    path("credit/<int:pk>/", views.credit_event, name="credit-event"),
    path("spot-checks/", views.spot_check_list, name="spot-check-list"),
    path("spot-checks/draw/", views.spot_draw, name="spot-draw"),
    path("spot-checks/<int:pk>/", views.spot_check, name="spot-check"),
    path("stars/", views.star_list, name="star-list"),
    path("stars/new/", views.star_new, name="star-new"),
    path("stars/<int:pk>/confirm/", views.star_confirm, name="star-confirm"),
]
