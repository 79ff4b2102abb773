"""The house rules that a machine can read: arrows, keys, audiences, names, nothing of others' in the tree."""

import ast
import keyword
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, get_resolver

from accounts.access import Audience

ROOT = Path(__file__).resolve().parent.parent
LINE = """lib accounts rulebook communities inspections complaints assemblies maintenance_fund campaigns publicity
assessments meetings portal config""".split()
ROOMS = [room for room in LINE if (ROOT / room).is_dir()]
PLACE = {room: number for number, room in enumerate(LINE)}
WITHIN = ["querysets", "models", "SUBJECTS", "forms", "views"]  # imports run to the left of this line
FREE_TOP = set("script tests bench docs templates static var staticfiles".split())
TOP_FILES = set(
    """manage.py pyproject.toml requirements.in requirements.txt requirements-dev.in requirements-dev.txt README.md
    README.zh.md GLOSSARY.md CHANGELOG.md LICENSE compose.yaml .gitignore""".split()
)
NOT_OURS = {"services.py", "utils.py", "helpers.py", "selectors.py", "signals.py", "core", "common"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).exists()]


FILES = tracked()
MODULES = [path for path in FILES if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in ROOMS]


def imports(path: Path) -> set[str]:
    """The modules that a file names, inside functions too; relative ones made whole."""
    package = path.relative_to(ROOT).parent.parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            whole = ".".join([*base, *([node.module] if node.module else [])])
            found |= {whole} | {f"{whole}.{alias.name}" for alias in node.names}
    return found


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def test_a_room_imports_only_from_rooms_to_its_left():
    # An engine's start is configuration that every process needs; nothing of the business is in it.
    allowed = {"config.embedded"}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in MODULES
        for name in imports(path)
        if name.split(".")[0] in PLACE
        and PLACE[name.split(".")[0]] > PLACE[room_of(path)]
        and not any(name.startswith(prefix) for prefix in allowed)
    ]
    assert not wrong, "\n".join(wrong)


def place_within(path: Path) -> int | None:
    inside = path.relative_to(ROOT).parts[1:]
    name = inside[0].removesuffix(".py")
    if name in ("migrations", "management", "templatetags", "demo") or room_of(path) in ("lib", "config", "portal"):
        return None
    if name in ("views", "admin", "tasks", "urls", "apps", "__init__"):
        return WITHIN.index("views")
    if name not in WITHIN and knows_no_table(path):
        return -1  # words and pure functions (roles, kinds), so tables may know them
    return WITHIN.index(name) if name in WITHIN else WITHIN.index("SUBJECTS")


def test_inside_a_room_imports_run_from_querysets_to_views():
    """A function may look to the right late (querysets name their models); a module may not at its top."""
    wrong = []
    for path in MODULES:
        here = place_within(path)
        if here is None:
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").startswith(room_of(path))):
                for target in _targets(path, node):
                    there = place_within(target)
                    if there is not None and there > here:
                        wrong.append(f"{path.relative_to(ROOT)} imports {target.relative_to(ROOT)}")
    assert not wrong, "\n".join(wrong)


def knows_no_table(path: Path, seen: frozenset[Path] = frozenset()) -> bool:
    """A file that imports nothing of its own room, or only files like itself."""
    own = [name for name in imports(path) if name.startswith(f"{room_of(path)}.")]
    files = [ROOT.joinpath(*name.split(".")).with_suffix(".py") for name in own]
    files = [file for file in files if file.exists() and file not in seen]
    return all(file.stem not in WITHIN and knows_no_table(file, seen | {path}) for file in files)


def _targets(path: Path, node: ast.ImportFrom) -> list[Path]:
    package = path.relative_to(ROOT).parent.parts
    base = package[: len(package) - node.level + 1] if node.level else ()
    parts = [*base, *(node.module or "").split(".")] if node.module else list(base)
    names = [parts, *([*parts, alias.name] for alias in node.names)]
    found = [ROOT.joinpath(*name).with_suffix(".py") for name in names if len(name) > 1]
    return [file for file in found if file.exists()]


def test_foreign_keys_point_to_the_left():
    wrong = []
    for model in apps.get_models():
        if model._meta.app_label not in PLACE:
            continue
        for field in model._meta.get_fields():
            target = field.related_model if field.concrete and field.is_relation else None
            label = target._meta.app_label if target else None
            if label in PLACE and PLACE[label] > PLACE[model._meta.app_label]:
                wrong.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert not wrong, "\n".join(wrong)


# ---------------------------------------------------------------- addresses


def patterns(resolver=None, namespace: str = "", before: str = "/"):
    """Every address of our own (not of Django's admin) as (namespace, pattern, whole path)."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield namespace, entry, path
        elif entry.namespace != "admin":
            yield from patterns(entry, entry.namespace or namespace, path)


ADDRESSES = list(patterns())
OURS = [(namespace, entry) for namespace, entry, _ in ADDRESSES]


@pytest.mark.parametrize(("namespace", "entry"), OURS, ids=[f"{n}:{e.name}" for n, e in OURS])
def test_each_view_wears_one_audience_and_is_named_like_its_address(namespace, entry):
    view = entry.callback
    assert isinstance(getattr(view, "audience", None), Audience), f"{entry.name} has no audience"
    decorators = _audiences_in_source(view)
    assert decorators == 1, f"{entry.name} wears {decorators} audiences"
    assert entry.name, f"{entry.pattern} has no name"
    name = entry.name.replace("-", "_")
    wanted = f"{name}_" if keyword.iskeyword(name) else name  # Python keeps some words for itself
    assert view.__name__ == wanted, f"{entry.name} is served by {view.__name__}"


def _audiences_in_source(view) -> int:
    module = __import__(view.__module__, fromlist=["_"])
    tree = ast.parse(Path(module.__file__).read_text())
    node = next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == view.__name__)
    return sum(_is_audience(eval(ast.unparse(d), vars(module))) for d in node.decorator_list)  # noqa: S307


def _is_audience(decorator) -> bool:
    return isinstance(decorator, Audience)


def functions_of(room: str) -> set[str]:
    trees = [ast.parse(path.read_text()) for path in MODULES if room_of(path) == room]
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_templates_are_named_like_their_views():
    """``inspections/patrol_new_check.html`` belongs to the view ``patrol_new``; fragments stand in ``includes/``,
    and a page that several views share begins with an underscore."""
    views = {room: functions_of(room) for room in ROOMS}
    wrong = []
    for path in FILES:
        parts = path.relative_to(ROOT).parts
        if parts[0] == "templates" and len(parts) == 3 and parts[1] in ROOMS and path.suffix == ".html":
            name = path.stem
            served = any(name == view or name.startswith(f"{view}_") for view in views.get(parts[1], ()))
            if not (served or name.startswith("_")):
                wrong.append(str(path.relative_to(ROOT)))
    assert not wrong, f"no view is named like {wrong}"


def test_each_page_has_its_tests():
    """Each address is asked for in its room's tests, by name or by path."""
    untested = []
    for namespace, entry, path in ADDRESSES:
        folder = ROOT / "tests" / (namespace or "config")
        files = [file.read_text() for file in folder.rglob("*.py")] if folder.is_dir() else []
        name = f"{namespace}:{entry.name}".lstrip(":")
        if not any(f'"{name}"' in said or _asks_by_path(said, path) for said in files):
            untested.append(name)
    assert not untested, f"no test asks for {untested}"


def _asks_by_path(said: str, path: str) -> bool:
    """The path itself, or its beginning as a constant and its end after a value that is filled in."""
    begin, *rest = re.split(r"<[^>]+>", path)
    return begin in said and f"}}{rest[-1]}" in said if rest else f'{path}"' in said


# ---------------------------------------------------------------- what is in the tree


def test_the_top_level_holds_what_its_names_say():
    folders = {path.relative_to(ROOT).parts[0] for path in FILES if len(path.relative_to(ROOT).parts) > 1}
    files = {path.name for path in FILES if path.parent == ROOT}
    assert folders - set(LINE) - FREE_TOP - {".ci"} == set()
    assert files - TOP_FILES == set()


def test_no_drawer_for_anything():
    wrong = [str(path) for path in FILES if NOT_OURS & set(path.relative_to(ROOT).parts)]
    assert not wrong


def test_no_file_of_others_and_nothing_big():
    for path in FILES:
        assert path.stat().st_size < 600_000, f"{path} is big"
        assert not re.search(r"(\.min\.(js|css)|jquery|bootstrap\.|vendor|node_modules)", str(path.relative_to(ROOT)))


def test_locked_requirements_say_nothing_of_where_packages_come_from():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"://|--index|--find-links|--trusted|@ file", text)


def test_templates_have_neither_inline_style_nor_script():
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", re.I)
    wrong = [str(p.relative_to(ROOT)) for p in FILES if p.suffix == ".html" and inline.search(p.read_text())]
    assert not wrong


def test_numbers_of_the_business_are_rule_rows():
    """A rule is asked for by a key that somebody declared."""
    from rulebook import keys

    asked = set()
    for path in MODULES:
        if "migrations" not in path.parts:
            asked |= set(re.findall(r'rules\.(?:on|in_force)\([^,]+,\s*"([a-z_.]+)"', path.read_text()))
    assert asked
    for key in asked:
        keys.get(key)


def test_no_room_stands_empty():
    for room in ROOMS:
        assert any(path.relative_to(ROOT).parts[0] == room and path.stat().st_size for path in FILES), room
