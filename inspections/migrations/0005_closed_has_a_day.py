"""A finding that is closed says on which day: a comparison with nothing had let it pass."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("inspections", "0004_after_photo_stays")]

    operations = [
        migrations.RemoveConstraint("finding", "finding_closed_when"),
        migrations.AddConstraint(
            "finding",
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False, closed_on__gte=F("found_on"))
                | (~Q(state="closed") & Q(closed_on=None)),
                name="finding_closed_when",
            ),
        ),
    ]
