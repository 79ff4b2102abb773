from django.urls import path

from . import views

app_name = "maintenance_fund"
urlpatterns = [
    path("", views.books, name="books"),
    path("own/", views.own, name="own"),
    path("receipts/", views.series, name="series"),
    path("<int:pk>/", views.ledger, name="ledger"),
    path("<int:pk>/export/", views.ledger_export, name="ledger-export"),
    path("<int:pk>/book/new/", views.book_new, name="book-new"),
    path("<int:pk>/opening/", views.opening, name="opening"),
    path("<int:pk>/deposit/new/", views.deposit_new, name="deposit-new"),
    path("<int:pk>/households/", views.households, name="households"),
    path("<int:pk>/renewals/", views.renewals, name="renewals"),
    path("<int:pk>/renewals/issue/", views.renewals_issue, name="renewals-issue"),
    path("<int:pk>/renewals/papers/", views.renewals_papers, name="renewals-papers"),
    path("<int:pk>/months/", views.months_list, name="months-list"),
    path("<int:pk>/months/close/", views.month_close, name="month-close"),
    path("months/<int:pk>/check/", views.month_check, name="month-check"),
    path("<int:pk>/interest/new/", views.interest_new, name="interest-new"),
    path("renewals/<int:pk>/paper/", views.renewal_paper, name="renewal-paper"),
    path("renewals/<int:pk>/received/", views.renewal_received, name="renewal-received"),
    path("proposals/<int:pk>/", views.proposal, name="proposal"),
    path("proposals/<int:pk>/seal/", views.proposal_seal, name="proposal-seal"),
    path("proposals/<int:pk>/approve/", views.proposal_approve, name="proposal-approve"),
    path("proposals/<int:pk>/withdraw/", views.proposal_withdraw, name="proposal-withdraw"),
    path("vouchers/<int:pk>/", views.voucher, name="voucher"),
    path("vouchers/<int:pk>/reverse/", views.voucher_reverse, name="voucher-reverse"),
    path("households/<int:pk>/", views.household, name="household"),
    path("households/<int:pk>/paper/", views.household_paper, name="household-paper"),
    path("households/<int:pk>/export/", views.household_export, name="household-export"),
    path("public/<slug:code>/", views.public, name="public"),
]
