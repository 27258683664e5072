"""The docs keep their word: commands, settings, links, examples and quoted messages are those of the code."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from app import Settings
from blocks.cards import MOVES
from blocks.finding import COMMANDS
from store.playbooks import PlaybookError, load_playbook

ROOT = Path(__file__).parents[2]
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
every_doc = pytest.mark.parametrize("doc", DOCS, ids=[str(doc.relative_to(ROOT)) for doc in DOCS])
TARGETS = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
SETTINGS = {name.upper() for name in Settings.model_fields}


def read(name: str) -> str:
    """One file of the project."""
    return (ROOT / name).read_text("utf-8")


def code_of(text: str) -> str:
    """What stands in backticks and in code blocks."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


def first_column(text: str, heading: str) -> list[str]:
    """The code in the first column of the first table after `heading`."""
    table = text.partition(heading)[2].partition("\n\n|")[2].partition("\n\n")[0]
    return [cell for row in table.splitlines() for cell in re.findall(r"`([^`]+)`", row.lstrip("|").split("|")[0])]


@every_doc
def test_every_make_target_named_exists(doc: Path) -> None:
    assert set(re.findall(r"\bmake ([a-z]+)", code_of(doc.read_text("utf-8")))) <= TARGETS


def test_every_make_target_is_explained_to_those_who_contribute() -> None:
    assert set(re.findall(r"`make ([a-z]+)`", read("CONTRIBUTING.md"))) == TARGETS


@every_doc
def test_every_relative_link_leads_somewhere(doc: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", doc.read_text("utf-8")):
        path, _, heading = target.partition("#")
        if "://" in target:
            continue
        there = (doc.parent / path).resolve() if path else doc
        assert there.exists(), target
        assert there.is_relative_to(ROOT), target
        if heading:
            headings = re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.MULTILINE)
            assert heading in [re.sub(r"[^\w\- ]", "", one).lower().replace(" ", "-") for one in headings], target


@every_doc
def test_every_file_named_exists(doc: Path) -> None:
    rooms = r"(?:bot|blocks|store|handlers|web|sandbox|tests)/[\w/]*(?:\.\w+)?"
    named = set(re.findall(rf"`({rooms})`", doc.read_text("utf-8")))
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_pictures_are_small_enough_to_wait_for() -> None:
    pictures = list((ROOT / "docs/images").iterdir())
    assert pictures
    assert all(picture.stat().st_size <= 300_000 for picture in pictures)
    shown = "".join(doc.read_text("utf-8") for doc in DOCS)
    assert all(picture.name in shown for picture in pictures)


def test_every_setting_is_explained_and_none_that_is_not_there() -> None:
    assert set(re.findall(r"^#?\s?([A-Z_]+)=", read(".env.example"), re.MULTILINE)) == SETTINGS
    assert set(first_column(read("docs/install.md"), "## Settings")) == SETTINGS


def test_the_example_environment_holds_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    assert Settings(_env_file=ROOT / ".env.example") == Settings(_env_file=None)


def test_every_scope_of_the_manifest_has_its_reason() -> None:
    scopes = yaml.safe_load(read("manifest.yml"))["oauth_config"]["scopes"]["bot"]
    assert sorted(first_column(read("docs/install.md"), "## What Baton may do in Slack")) == sorted(scopes)


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    wanted = [
        re.split(r"[><=,]", one)[0]
        for one in (*project["project"]["dependencies"], *project["dependency-groups"]["dev"])
    ]
    rows = re.findall(
        r"^\| ([a-zA-Z][^|]+?) \|", read("docs/decisions/0001-dependencies.md").replace("\\", ""), re.MULTILINE
    )
    assert sorted(", ".join(row for row in rows if row != "Package").split(", ")) == sorted(wanted)


def test_every_word_of_the_command_is_in_the_guide_and_no_other() -> None:
    guide = set(re.findall(r"`/handoff ([^`]+)`", read("docs/using.md").partition("## For the AE")[0]))
    assert guide == {command for command, _ in COMMANDS}


@pytest.mark.parametrize("button", [text for text, _, _ in MOVES.values()])
def test_every_button_of_the_card_is_in_the_guide(button: str) -> None:
    assert f"**{button}**" in read("docs/using.md")


def test_every_log_line_to_watch_for_is_logged() -> None:
    code = "".join(path.read_text("utf-8") for path in (*ROOT.glob("handlers/*.py"), *ROOT.glob("store/*.py")))
    lines = [line for line in first_column(read("docs/install.md"), "## Watching it") if line != "reference"]
    assert len(lines) > 3
    assert all(f'"{line}"' in code for line in lines)


PRACTICE = read("playbook.yml")
EXAMPLES = re.findall(r"```yaml\n(  - id: .*?)```", read("docs/admin.md"), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_a_playbook_load(example: str, tmp_path: Path) -> None:
    practice, (section,) = yaml.safe_load(PRACTICE), yaml.safe_load(example)
    standing = next((one for one in practice["sections"] if one["id"] == section["id"]), None)
    if standing:
        standing["fields"] += section["fields"]
    else:
        practice["sections"].append(section)
    (tmp_path / "playbook.yml").write_text(yaml.safe_dump(practice), "utf-8")
    playbook = load_playbook(tmp_path / "playbook.yml").current
    assert all(playbook.field(f"{section['id']}.{field['id']}") for field in section["fields"])


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("label: Industry, kind: text", "label: Industry, kind: words"),
        ("{id: industry,", "{id: Industry Name,"),
        ("label: Industry, kind: text, required: all", "label: Industry, kind: text, required: [startup]"),
        ("unless: nothing_promised", "unless: nothing"),
        ("starts: contract_signed, hours: 24", "starts: contract_signed, hours: -1"),
    ],
)
def test_what_a_wrong_playbook_says_is_what_the_guide_says(right: str, wrong: str, tmp_path: Path) -> None:
    (tmp_path / "playbook.yml").write_text(PRACTICE.replace(right, wrong, 1), "utf-8")
    with pytest.raises(PlaybookError) as refused:
        load_playbook(tmp_path / "playbook.yml")
    where_and_why = str(refused.value).partition("playbook.yml: ")[2].removeprefix("the whole: ")
    assert where_and_why in read("docs/admin.md")


@every_doc
def test_the_docs_stand_alone(doc: Path) -> None:
    assert not re.search(r"(?:^|[\s`(])/(?:work|root|home|tmp)\b|\.\./shared", doc.read_text("utf-8"))
