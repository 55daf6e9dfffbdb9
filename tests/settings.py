"""Settings for the tests: a data folder of their own, cheap passwords, tasks run at once.

The developer's own STEADYHAND_* variables do not reach the tests.
"""

import atexit
import os
import shutil
import tempfile

for name in [name for name in os.environ if name.startswith("STEADYHAND_") and name != "STEADYHAND_CHROMIUM"]:
    del os.environ[name]
os.environ["STEADYHAND_TEST"] = "1"
os.environ["STEADYHAND_DATA"] = _data = tempfile.mkdtemp(prefix="steadyhand-test-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)

from steadyhand.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
