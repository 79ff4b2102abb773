"""What bad workbooks cost: less than 300 MiB in the process that serves pages, less than 1 GiB in the worker."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
MIB = 1024  # VmHWM counts in KiB
SEND_ALL = """
import json, sys
import django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[1]
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from accounts.models import User
from communities import tasks
from communities.models import SheetImport
from tests.communities.test_bad_workbooks import FILES

def most():
    # of this process alone: ru_maxrss would begin with what its parent had; who reads .xls has a limit of its own
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))

made, worst = {}, {}
if sys.argv[2] == "request":
    client = Client()
    client.force_login(User.objects.get(username="limin"), backend="accounts.sign_in.NameOrMobile")
    tasks.work_on_sheets.delay = lambda: None
    for name, (kind, make, _) in FILES.items():
        if name == "a bomb":
            continue  # making it takes more than reading it: the worker, below, has it from the store
        data = {"kind": kind, "file": SimpleUploadedFile("表.xlsx", make())}
        answer = client.post(reverse("communities:import"), data)
        assert answer.status_code in (302, 422), (name, answer.status_code)
        if answer.status_code == 302:
            assert client.get(answer["Location"]).status_code == 200, name
else:
    tasks.work_on_sheets()
print(json.dumps({"most": most(), "states": sorted(set(SheetImport.objects.values_list("state", flat=True)))}))
"""
TAKE_IN_A_BOMB = """
import sys
import django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[1]
from django.utils import timezone
from accounts.models import User
from communities import imports
from communities.sheets import KINDS
from tests.workbooks import bomb
by, now = User.objects.get(username="limin"), timezone.now()
assert imports.take_in(kind=KINDS["units"], file_name="x", data=bomb(), by=by, now=now).in_background
"""


@pytest.mark.django_db(transaction=True)
def test_no_workbook_takes_more_than_it_may(town, tmp_path):
    own = {"DJANGO_SETTINGS_MODULE": "tests.settings", "LINZHI_TEST_DATABASE": connection.settings_dict["NAME"]}

    def run(script: str, *words: str) -> str:
        command = [sys.executable, "-c", script, str(tmp_path), *words]
        end = subprocess.run(command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, timeout=300)
        assert end.returncode == 0, end.stderr[-3000:]
        return end.stdout

    run(TAKE_IN_A_BOMB)
    served = json.loads(run(SEND_ALL, "request").splitlines()[-1])
    worked = json.loads(run(SEND_ALL, "worker").splitlines()[-1])
    print(f"request {served['most'] // MIB} MiB, worker {worked['most'] // MIB} MiB")
    assert served["most"] < 300 * MIB
    assert worked["most"] < 1024 * MIB
    assert worked["states"] == ["ready", "refused"]
