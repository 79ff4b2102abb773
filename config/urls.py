"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("account/", include("accounts.urls")),
    path("rules/", include("rulebook.urls")),
    path("communities/", include("communities.urls")),
    path("patrols/", include("inspections.urls")),
    path("fund/", include("maintenance_fund.urls")),
    path("complaints/", include("complaints.urls")),
    path("campaigns/", include("campaigns.urls")),
    path("scores/", include("assessments.urls")),
    path("admin/", admin.site.urls),
    path("", include("portal.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
