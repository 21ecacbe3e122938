"""The design as tests: layers, pairing, sizes, and the constructions that are forbidden everywhere."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "l402desk"
MODULES = sorted(PACKAGE.rglob("*.py"))
TOP_LEVEL = {"pyproject.toml", "l402desk", "resources", "tests", "packaging", "README.md", "LICENSE"}
LABEL_MAKER = PACKAGE / "ui" / "widgets" / "text.py"
TEXT_WIDGETS = {
    "QLabel", "QTextEdit", "QTextBrowser", "QPlainTextEdit", "QMessageBox", "QErrorMessage", "QProgressDialog",
    "QInputDialog", "QWhatsThis",
}  # fmt: skip


def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"), str(module))


def calls(module: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(module)) if isinstance(node, ast.Call))


def where(module: Path, node: ast.AST) -> str:
    return f"{module.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def test_the_layers_hold() -> None:
    """In a process of its own: the linter reconfigures logging, and would silence every logger of the other tests."""
    code = "import sys; from importlinter.cli import lint_imports as lint\nsys.exit(lint('pyproject.toml'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_top_level_is_the_agreed_one() -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed here")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode != 0:
        pytest.skip("this is not a git checkout")
    names = {line.split("/")[0] for line in tracked.stdout.splitlines()}
    assert {name for name in names if not name.startswith(".")} == TOP_LEVEL


def test_every_module_has_its_test_module() -> None:
    missing = []
    for module in MODULES:
        if module.name in ("__init__.py", "__main__.py"):
            continue
        relative = module.relative_to(PACKAGE)
        test = ROOT / "tests" / relative.parent / f"test_{relative.name}"
        if not test.exists():
            missing.append(str(test.relative_to(ROOT)))
    assert missing == []


def test_no_file_is_longer_than_300_lines() -> None:
    long = {str(m.relative_to(ROOT)): n for m in MODULES if (n := len(m.read_text("utf-8").splitlines())) > 300}
    assert long == {}


def test_no_function_is_longer_than_40_lines() -> None:
    long = []
    for module in MODULES:
        for node in ast.walk(tree(module)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > 40:
                    long.append(f"{where(module, node)} {node.name}: {length}")
    assert long == []


def test_composition_stays_small() -> None:
    for name in ("app.py", "ui/main_window.py"):
        assert len((PACKAGE / name).read_text("utf-8").splitlines()) <= 200, name


def test_every_module_opens_with_a_sentence() -> None:
    silent = [str(m.relative_to(ROOT)) for m in MODULES if not ast.get_docstring(tree(m))]
    assert silent == []


def test_there_is_no_manager_helper_or_utils_module() -> None:
    vague = re.compile(r"manager|helper|util|misc|common")
    assert [str(m.relative_to(ROOT)) for m in MODULES if vague.search(m.stem)] == []


def test_no_signal_carries_a_32_bit_number() -> None:
    bad = [
        where(module, call)
        for module in MODULES
        for call in calls(module)
        if isinstance(call.func, ast.Name) and call.func.id == "Signal"
        for argument in call.args
        if isinstance(argument, ast.Name) and argument.id in ("int", "dict", "list")
    ]
    assert bad == []


def test_no_translation_of_an_f_string() -> None:
    bad = [
        where(module, call)
        for module in MODULES
        for call in calls(module)
        if isinstance(call.func, (ast.Name, ast.Attribute))
        and (call.func.id if isinstance(call.func, ast.Name) else call.func.attr) in ("tr", "translate")
        and any(isinstance(argument, ast.JoinedStr) for argument in call.args)
    ]
    assert bad == []


def test_no_lambda_or_partial_is_connected_to_a_signal() -> None:
    bad = []
    for module in MODULES:
        for call in calls(module):
            if isinstance(call.func, ast.Attribute) and call.func.attr == "connect":
                for argument in call.args:
                    if isinstance(argument, ast.Lambda) or "partial" in ast.dump(argument):
                        bad.append(where(module, call))
    assert bad == []


def test_widgets_are_imported_in_ui_and_app_only() -> None:
    allowed = (PACKAGE / "ui", PACKAGE / "app.py")
    bad = []
    for module in MODULES:
        if any(module == a or a in module.parents for a in allowed):
            continue
        if "PySide6.QtWidgets" in module.read_text(encoding="utf-8"):
            bad.append(str(module.relative_to(ROOT)))
    assert bad == []


def test_certificates_are_always_verified() -> None:
    """Except where one is only looked at, on a connection over which nothing is sent."""
    bad = []
    for module in MODULES:
        if module == PACKAGE / "wallets" / "looking.py":
            continue
        for node in ast.walk(tree(module)):
            if (
                isinstance(node, ast.keyword)
                and node.arg in ("verify", "check_hostname")
                and isinstance(node.value, ast.Constant)
                and node.value.value is False
            ):
                bad.append(where(module, node.value))
            if isinstance(node, ast.Attribute) and node.attr in ("CERT_NONE", "_create_unverified_context"):
                bad.append(where(module, node))
    assert bad == []


def test_text_widgets_are_built_in_one_place() -> None:
    """Qt guesses rich text by default, and one invoice description can then freeze or read files: facts/security.md."""
    bad = []
    for module in MODULES:
        if module == LABEL_MAKER:
            continue
        for call in calls(module):
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            if name in TEXT_WIDGETS or name in ("setHtml", "setMarkdown", "insertHtml", "appendHtml"):
                bad.append(f"{where(module, call)} {name}")
            if name == "setToolTip":
                bad.append(f"{where(module, call)} {name}")
    assert bad == []


def test_a_dialog_is_opened_and_never_executed() -> None:
    bad = [
        where(module, call)
        for module in MODULES
        if module.is_relative_to(PACKAGE / "ui")
        for call in calls(module)
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("exec", "exec_", "processEvents")
    ]
    assert bad == []


@pytest.mark.parametrize(
    ("module", "seams"),
    [
        ("httpx", ("client", "wallets", "directory", "services.py")),
        ("keyring", ("store/keys.py",)),
        ("pymacaroons", ("protocol/macaroon.py", "sandbox")),
        ("bolt11", ("sandbox",)),
        ("qrcode", ("ui/payment",)),
    ],
)
def test_a_foreign_library_is_met_at_its_seam(module: str, seams: tuple[str, ...]) -> None:
    allowed = [PACKAGE / seam for seam in seams]
    bad = []
    for source in MODULES:
        if any(source == a or a in source.parents for a in allowed):
            continue
        for node in ast.walk(tree(source)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            if any(name.split(".")[0] == module for name in names):
                bad.append(where(source, node))
    assert bad == []


QTLESS = (
    "protocol", "settings", "store", "client", "wallets", "vault", "ledger", "sandbox", "services", "engine", "cli",
)  # fmt: skip


@pytest.mark.parametrize("package", QTLESS)
def test_every_module_of_the_package_imports_without_qt(package: str) -> None:
    folder = PACKAGE / package
    files = folder.rglob("*.py") if folder.is_dir() else [PACKAGE / f"{package}.py"]
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files]
    script = (
        f"import importlib, sys; [importlib.import_module(n) for n in {names!r}]; sys.exit('PySide6' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
