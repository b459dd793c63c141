"""What stands in the tables, read back by those who will read them."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import duckdb
import pytest
from rum_replay import segments
from rum_replay.segments.dom import Node, css_path
from rum_replay.segments.exports import FORMATS, TABLES, ColumnType, Format, export
from rum_replay.segments.exports import _elements as elements
from rum_replay.segments.exports._kinds import KINDS
from rum_replay.segments.summary import summarize

from ..made import (
    BOX,
    BUTTON,
    FIELD,
    OTHER,
    START,
    change,
    click,
    event,
    meta,
    mutation,
    page,
    record,
    recording,
    segment,
    snapshot,
    tap,
    typed,
)
from ..recorded import FOLDERS, NAMES, segment_files, values

READERS = {"jsonl": "read_json", "csv": "read_csv", "parquet": "read_parquet"}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All recordings in all formats in one folder."""
    folder = tmp_path_factory.mktemp("export")
    for name in get_args(Format):
        export((segments.open(segment_files(one)) for one in FOLDERS), folder, format=name)
    return folder


def query(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    return duckdb.execute(sql, parameters or None).fetchall()


def rows_of(recording: segments.Recording, folder: Path, table: str = "records") -> list[dict[str, Any]]:
    """The rows of one view, by way of JSON lines."""
    export(recording, folder, format="jsonl")
    (file,) = folder.glob(f"{table}/*/*/*.jsonl")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("format", FORMATS)
def test_every_record_of_every_recording_is_a_row_in_order(exported: Path, format: str) -> None:
    for folder in FOLDERS:
        recorded = segments.open(segment_files(folder))
        found = query(
            f"SELECT raw, view_id FROM {READERS[format]}('{exported}/records/**/*.{format}', filename=true) "
            "WHERE session_id = $session ORDER BY min(timestamp) OVER (PARTITION BY view_id), index_in_view, position",
            session=recorded.views[0].session_id,
        )
        assert [json.loads(raw) for raw, _ in found] == values(folder)


def test_all_formats_hold_the_same(exported: Path) -> None:
    for table in TABLES:
        texts = ", ".join(
            f"to_json({column.name})::VARCHAR" if column.type is ColumnType.TEXTS else f"{column.name}::VARCHAR"
            for column in table.columns
            if column.type is not ColumnType.MOMENT
        )
        moments = "".join(
            f", epoch_ms({column.name}::TIMESTAMPTZ)" for column in table.columns if column.type is ColumnType.MOMENT
        )
        types = {column.name: _DUCKDB[column.type] for column in table.columns}
        columns = ", ".join(f"'{name}': '{duckdb_type}'" for name, duckdb_type in types.items())
        options = {
            "jsonl": f", columns={{{columns}}}",
            "csv": f", types={{{columns}}}".replace("'VARCHAR[]'", "'JSON'"),
            "parquet": "",
        }
        found = {
            name: query(
                f"SELECT {texts}{moments} FROM {reader}('{exported}/{table.name}/*/*/*.{name}'{options[name]}) "
                "ORDER BY ALL"
            )
            for name, reader in READERS.items()
        }
        assert found["jsonl"] == found["parquet"]
        assert found["csv"] == found["parquet"]
        assert len(found["csv"]) > 0


_DUCKDB = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.REAL: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.MOMENT: "TIMESTAMPTZ",
    ColumnType.TEXTS: "VARCHAR[]",
}


def test_parquet_has_the_documented_columns_types_units_and_meanings(exported: Path) -> None:
    names = {"string": "text", "int64": "integer", "double": "real", "bool": "boolean"}
    names |= {"timestamp[ms, tz=UTC]": "moment", "list<element: string>": "texts", "list<item: string>": "texts"}
    parquet = import_module("pyarrow.parquet")
    for table in TABLES:
        schema = parquet.read_schema(next(exported.glob(f"{table.name}/*/*/*.parquet")))
        assert [(field.name, names[str(field.type)]) for field in schema] == [
            (column.name, column.type.value) for column in table.columns
        ]
        for field, column in zip(schema, table.columns, strict=True):
            assert field.metadata[b"meaning"].decode() == column.meaning
            assert field.metadata.get(b"unit", b"").decode() == (column.unit or "")


def test_partitions_are_columns_for_engines(exported: Path) -> None:
    found = query(f"SELECT DISTINCT application_id, day FROM read_parquet('{exported}/views/**/*.parquet')")
    assert found == [("11111111-1111-4111-8111-111111111111", datetime(2026, 11, 21, tzinfo=UTC).date())]


@pytest.mark.parametrize("name", NAMES)
def test_views_and_sessions_hold_what_the_summary_tells(exported: Path, name: str) -> None:
    (folder,) = [one for one in FOLDERS if one.name == name]
    summary = summarize(segments.open(segment_files(folder)))
    for session in summary.sessions:
        (row,) = query(
            "SELECT views, clicks, key_inputs, duration, heuristic_active_time, heuristic_rage_clicks, "
            f"recorded_dead_clicks, pages, epoch_ms(started_at) FROM '{exported}/sessions/**/*.parquet' "
            "WHERE session_id = $id",
            id=session.session_id,
        )
        assert row == (
            len(session.views),
            session.clicks,
            session.key_inputs,
            session.duration,
            session.active_time,
            session.rage_clicks,
            session.frustrations.get("dead_click", 0),
            list(session.pages),
            session.start,
        )
    for view in summary.views:
        (row,) = query(
            "SELECT scroll_depth, viewport_width, heuristic_dead_clicks, size, records "
            f"FROM '{exported}/views/**/*.parquet' WHERE view_id = $id",
            id=view.view_id,
        )
        assert view.viewport is not None
        assert row == (view.scroll_depth, view.viewport.width, view.dead_clicks, view.size, view.records)


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_clicks_stand_where_and_on_what_they_were_made(exported: Path, folder: Path) -> None:
    made = [step for step in json.loads((folder / "truth.json").read_bytes()) if step["what"] == "click"]
    found = query(
        f"SELECT element, page_x, page_y, epoch_ms(timestamp) FROM '{exported}/records/**/*.parquet' "
        "WHERE kind = 'click' AND session_id = $id ORDER BY timestamp",
        id=segments.open(segment_files(folder)).views[0].session_id,
    )
    assert [row[0] for row in found] == [step["sel"] for step in made]
    tolerance = 8 if folder.name.endswith("touch") else 1  # of the finger
    for (_, x, y, time), step in zip(found, made, strict=True):
        assert (x, y) == pytest.approx((step["x"], step["y"]), abs=tolerance)
        assert 0 <= step["t"] - time < 500


def test_all_eras_have_the_same_kinds_for_the_same_deeds(exported: Path) -> None:
    counted = query(
        f"SELECT session_id, kind, count(*) FROM '{exported}/records/**/*.parquet' "
        "WHERE kind IN ('click', 'scroll', 'resize', 'full_snapshot', 'focus') "
        "AND session_id NOT IN (SELECT session_id FROM "
        f"'{exported}/records/**/*.parquet' WHERE kind = 'touch_start') GROUP BY ALL"
    )
    kinds: dict[str, dict[str, int]] = {}
    for session, kind, count in counted:
        kinds.setdefault(session, {})[kind] = count
    assert len(kinds) == 6
    assert list(kinds.values()).count({"click": 15, "scroll": 4, "resize": 1, "full_snapshot": 2, "focus": 12}) == 6


def test_inputs_have_the_field_and_what_it_holds_in_all_eras(exported: Path) -> None:
    found = query(
        f"SELECT element, value, checked, count(DISTINCT session_id) FROM '{exported}/records/**/*.parquet' "
        "WHERE kind = 'input' GROUP BY ALL"
    )
    told = {(element, value, checked) for element, value, checked, sessions in found if sessions == 7}
    assert {("#name", "A", None), ("#name", "Ada", None), ("#pw", "***", None), ("#cb", None, True)} <= told
    assert {("#ta", "seed more", None), ("#r2", None, True)} <= told


def test_what_was_scrolled_is_added_to_the_place_of_a_click(tmp_path: Path) -> None:
    scrolled = page(click(1), event(3, 2, id=0, x=7, y=600), event(3, 3, id=BUTTON, x=0, y=50), click(4))
    clicks = [row for row in rows_of(scrolled, tmp_path) if row["kind"] == "click"]
    assert [(row["x"], row["y"], row["page_x"], row["page_y"]) for row in clicks] == [
        (10, 20, 10, 20),
        (10, 20, 17, 620),
    ]


def test_an_element_is_named_as_it_was_at_that_time(tmp_path: Path) -> None:
    renamed = page(
        click(1),
        mutation(2, attributes=[{"id": BUTTON, "attributes": {"id": "buy"}}]),
        click(3),
        mutation(4, texts=[{"id": 100, "value": "  Paid   now "}]),
        event(2, 5, type=2, id=100, x=1, y=1),
        click(6, 12345),
    )
    clicks = [(row["element"], row["element_text"]) for row in rows_of(renamed, tmp_path) if row["kind"] == "click"]
    assert clicks == [("#pay", "Pay"), ("#buy", "Pay"), ("#buy", "Paid now"), (None, None)]


def test_a_click_inside_a_shadow_root_has_a_path_into_it(exported: Path) -> None:
    found = query(
        f"SELECT DISTINCT element FROM '{exported}/records/**/*.parquet' WHERE kind = 'input' AND value = 'sh'"
    )
    assert found == [("#sh >>> #shin",)]


def test_url_and_viewport_are_those_at_that_time(tmp_path: Path) -> None:
    rows = rows_of(
        page(click(1), event(4, 2, width=640, height=600), meta(3, 500, 400, "http://b/"), click(4)), tmp_path
    )
    told = [(row["url"], row["viewport_width"], row["viewport_height"]) for row in rows if row["kind"] == "click"]
    assert told == [("http://shop/", 1000, 700), ("http://b/", 500, 400)]
    assert [row["position"] for row in rows] == list(range(len(rows)))
    assert {row["index_in_view"] for row in rows} == {0}


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (event(0, 1, adds=[], removes=[], attributes=[], texts=[]), "mutation"),
        (event(2, 1, type=0, id=BUTTON, x=1, y=1), "mouse_up"),
        (event(2, 1, type=9, id=BUTTON, x=1, y=1), "touch_end"),
        (event(2, 1, type=77, id=BUTTON, x=1, y=1), "interaction"),
        (event(9, 1, pointerEventType="down", pointerType="pen", pointerId=1, x=1, y=1), "pointer_down"),
        (event(8, 1, id=BUTTON, adds=[]), "style_sheet"),
        (change(1, [12, [FIELD, "x"]]), "input"),
        (change(1, [13, [0, BOX]]), "input"),
        (change(1, [6, [0, 0, 5]]), "scroll"),
        (change(1, [12, [FIELD, "x"]], [6, [0, 0, 5]]), "mutation"),
        (change(1, [0, "a string"]), "mutation"),
        (tap(1, "up"), "pointer_up"),
        (record(11, 1, {"source": 2, "positions": [{"id": 1, "x": 4, "y": 5, "timestamp": 1}]}), "touch_move"),
        (record(10, 1, {"wireframes": []}), "full_snapshot"),
        (record(7, 1), "view_end"),
        (record(99, 1), "unknown"),
        ({"no": "type"}, "unknown"),
    ],
)
def test_each_record_has_a_kind(tmp_path: Path, made: dict[str, Any], kind: str) -> None:
    row = rows_of(segments.open(segment_with(made)), tmp_path)[-1]
    assert row["kind"] == kind
    assert kind in KINDS
    assert row["type"] == made.get("type")
    data = made.get("data")
    assert row["source"] == (data.get("source") if isinstance(data, dict) else None)
    assert json.loads(row["raw"]) == made


def segment_with(made: dict[str, Any]) -> bytes:
    return segment(meta(), snapshot(), record(7, 0)).replace(
        json.dumps(record(7, 0)).encode(), json.dumps(made).encode()
    )


def test_frustrations_that_the_sdk_recorded_are_told(exported: Path) -> None:
    found = query(
        f"SELECT frustration_types FROM '{exported}/records/**/*.parquet' WHERE kind = 'frustration' ORDER BY position"
    )
    assert Counter(noticed for (types,) in found for noticed in types) == {
        "rage_click": 1,
        "dead_click": 3,
        "error_click": 1,
    }


def test_what_a_type_cannot_hold_is_empty_and_stays_in_the_raw_record(tmp_path: Path) -> None:
    wild = recording({**click(0, id=10**30, x=10**400, y=1e308), "timestamp": 1e300}, {"type": 10**30, "timestamp": -5})
    first, second = rows_of(wild, tmp_path)
    assert (first["timestamp"], first["node_id"], first["x"], first["y"], first["page_y"]) == (
        None,
        None,
        None,
        1e308,
        None,
    )
    assert json.loads(first["raw"])["data"]["id"] == 10**30
    assert (second["type"], second["timestamp"]) == (None, None)


def test_moments_are_iso_8601_in_utc(tmp_path: Path) -> None:
    *_, row = rows_of(page({**click(0), "timestamp": START + 12.9}), tmp_path)
    assert row["timestamp"] == "2026-11-21T03:00:00.012Z"


class TestCsv:
    """Spreadsheets, and everything else that reads CSV."""

    TEXTS = ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''-1", "plain", "'quoted'", 'say "no"', "a\nb,c", "")

    @pytest.fixture
    def cells(self, tmp_path: Path) -> list[str]:
        made = page(*(typed(n, text) for n, text in enumerate(self.TEXTS)))
        export(made, tmp_path, format="csv")
        (file,) = tmp_path.glob("records/*/*/*.csv")
        rows = csv.DictReader(io.StringIO(file.read_bytes().decode(), newline=""), strict=True)
        return [row["value"] for row in rows if row["kind"] == "input"]

    def test_no_text_is_a_formula(self, cells: list[str]) -> None:
        assert not [text for text in cells if text.startswith(("=", "+", "-", "@", "\t", "\r"))]

    def test_the_text_can_be_had_back(self, cells: list[str]) -> None:
        guarded = [
            text[1:] if text.lstrip("'").startswith(("=", "+", "-", "@", "\t", "\r")) else text for text in cells
        ]
        assert guarded == list(self.TEXTS)
        assert cells[self.TEXTS.index("plain") :] == list(self.TEXTS[self.TEXTS.index("plain") :])

    def test_numbers_are_no_text(self, tmp_path: Path) -> None:
        export(page(click(1, x=-5, y=2.5)), tmp_path, format="csv")
        (file,) = tmp_path.glob("records/*/*/*.csv")
        *_, last = file.read_text(encoding="utf-8").splitlines()
        assert ",-5.0,2.5,-5.0,2.5," in last

    def test_nothing_and_empty_text_differ(self, tmp_path: Path) -> None:
        export(page(typed(1, "")), tmp_path, format="csv")
        (file,) = tmp_path.glob("records/*/*/*.csv")
        *_, snapshot_row, typed_row = file.read_text(encoding="utf-8").splitlines()
        assert f',{FIELD},"#name",,"",,,,,' in typed_row
        assert ",,,,,,,,,,," in snapshot_row


def test_text_of_all_kinds_comes_back_from_all_formats(tmp_path: Path) -> None:
    texts = ["漢字 🎉", "\x00\x1b", "\u2028", "half \ud83d", '"', "\\", "<b>", "null"]
    readable = [text.encode(errors="replace").decode().replace("half ?", "half \ufffd") for text in texts]
    made = page(*(typed(n, text) for n, text in enumerate(texts)))
    formats: tuple[Format, ...] = ("jsonl", "parquet")
    for name in formats:
        export(made, tmp_path, format=name)
        found = query(
            f"SELECT value FROM {READERS[name]}('{tmp_path}/records/*/*/*.{name}') "
            "WHERE kind = 'input' ORDER BY position"
        )
        assert [value for (value,) in found] == readable


def test_an_element_is_named_once_until_the_page_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(node: Node) -> str:
        asked.append(node.id)
        return css_path(node)

    monkeypatch.setattr(elements, "css_path", counted)
    moves = [event(1, n, positions=[{"id": OTHER, "timeOffset": 0, "x": 1, "y": 1}]) for n in range(9)]
    clicks = [click(n) for n in range(9)]
    rows_of(page(*moves, *clicks, typed(9, "a"), *clicks, event(4, 9, width=1, height=1), *clicks), tmp_path)
    assert asked == [BUTTON, FIELD]


def test_names_of_a_view_cost_no_more_than_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "_MAX_NODES_VISITED", 3 * 8)  # nodes of the page of `snapshot`
    renamed = [mutation(n, attributes=[{"id": BUTTON, "attributes": {"class": str(n)}}]) for n in range(5)]
    made = page(*(one for change in renamed for one in (change, click(9))))
    named = [row["element"] for row in rows_of(made, tmp_path) if row["kind"] == "click"]
    assert named == ["#pay", "#pay", "#pay", None, None]


def test_moves_have_a_place_and_a_node_but_no_name(tmp_path: Path) -> None:
    positions = [{"id": node, "timeOffset": 0, "x": node, "y": 9} for node in (BUTTON, OTHER)]
    *_, mouse, touch = rows_of(page(event(1, 1, positions=positions), event(6, 2, positions=positions)), tmp_path)
    for row, kind in ((mouse, "mouse_move"), (touch, "touch_move")):
        told = (row["kind"], row["node_id"], row["x"], row["page_y"], row["element"])
        assert told == (kind, OTHER, OTHER, 9, None)
