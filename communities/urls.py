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
]
