"""The content of the tables, read back with the tools that users read them with."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import duckdb
import pytest
from rum_replay import segments
from rum_replay.segments.dom import Node, css_path
from rum_replay.segments.dom._names import element_names as elements
from rum_replay.segments.exports import FORMATS, TABLES, ColumnType, Format, export
from rum_replay.segments.exports._kinds import KINDS
from rum_replay.segments.summary import summarize

from ..made import (
    BODY,
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
    phone,
    record,
    recording,
    screen,
    segment,
    snapshot,
    tap,
    typed,
    wireframe,
    words,
)
from ..recorded import FOLDERS, NAMES, segment_files, values

VISUAL_VIEWPORT = {
    "offsetLeft": 0,
    "offsetTop": 0,
    "pageLeft": 0,
    "pageTop": 0,
    "width": 500,
    "height": 350,
    "scale": 2,
}
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
    """The rows of one view, through JSON lines."""
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


def test_all_formats_have_the_same_content(exported: Path) -> None:
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


SHARED = """
    source: text, started_at: moment, ended_at: moment, duration: real ms, heuristic_active_time: real ms,
    segments: integer, records: integer, size: integer bytes, compressed_size: integer bytes, pages: texts,
    resizes: integer, clicks: integer, key_inputs: integer, selections: integer, scrolls: integer,
    recorded_rage_clicks: integer, recorded_dead_clicks: integer, recorded_error_clicks: integer,
    heuristic_rage_clicks: integer, heuristic_dead_clicks: integer, problems: texts
"""
COLUMNS = {
    "records": """
        session_id: text, view_id: text, index_in_view: integer, position: integer, timestamp: moment, type: integer,
        source: integer, kind: text, slot_id: text, url: text, viewport_width: real px, viewport_height: real px,
        x: real px, y: real px, page_x: real px, page_y: real px, node_id: integer, element: text, element_text: text,
        value: text, checked: boolean, scroll_left: real px, scroll_top: real px, frustration_types: texts, gap: text,
        raw: text
    """,
    "views": f"""
        session_id: text, view_id: text, {SHARED}, viewport_width: real px, viewport_height: real px,
        scroll_depth: real px, document_height: real px
    """,
    "sessions": f"session_id: text, views: integer, {SHARED}",
}


def test_the_columns_are_those_that_queries_rely_on() -> None:
    columns = {
        table.name: [f"{column.name}: {column.type} {column.unit or ''}".strip() for column in table.columns]
        for table in TABLES
    }
    assert columns == {table: re.split(r"\s*,\s*", text.strip()) for table, text in COLUMNS.items()}


def test_each_column_of_views_and_sessions_has_its_value(tmp_path: Path) -> None:
    hidden = snapshot(0, html={"data-dd-privacy": "hidden", "rr_width": "1000px", "rr_height": "2000px"})
    frustrations = ["rage_click"] * 2 + ["dead_click"] * 3 + ["error_click"] * 4
    made = segment(
        *(meta(), hidden, meta(10, 900, 600, "http://b/"), event(4, 20, width=800, height=500)),
        *(click(100), click(200), click(300), event(4, 2000, width=700, height=400), typed(3000, "a")),
        *(event(5, 3500, id=BOX, isChecked=True), event(3, 4000, id=0, x=0, y=300), event(3, 4500, id=0, x=0, y=100)),
        *(event(3, 5000, id=0, x=0, y=0), click(5500), event(1, 7000, positions=[])),
        record(9, 300, {"frustrationTypes": frustrations, "recordIds": [1]}),
        compressed_segment_size=77,
        end=START + 7000,
    )
    (view,) = rows_of(segments.open(made), tmp_path, "views")
    (session,) = rows_of(segments.open(made), tmp_path, "sessions")
    shared = {
        "session_id": "session",
        "source": "browser",
        "started_at": "2026-11-21T03:00:00.000Z",
        "ended_at": "2026-11-21T03:00:07.000Z",
        "duration": 7000,
        "heuristic_active_time": 6980,
        "segments": 1,
        "records": 16,
        "size": len(made) - 1,
        "compressed_size": 77,
        "pages": ["http://shop/", "http://b/"],
        "resizes": 2,
        "clicks": 4,
        "key_inputs": 1,
        "selections": 1,
        "scrolls": 3,
        "recorded_rage_clicks": 2,
        "recorded_dead_clicks": 3,
        "recorded_error_clicks": 4,
        "heuristic_rage_clicks": 1,
        "heuristic_dead_clicks": 2,
        "problems": [],
    }
    assert session == {**shared, "views": 1}
    assert view == {
        **shared,
        "view_id": "view",
        "viewport_width": 1000,
        "viewport_height": 700,
        "scroll_depth": 700,
        "document_height": 2000,
    }


def test_partitions_are_columns_for_engines(exported: Path) -> None:
    found = query(f"SELECT DISTINCT application_id, day FROM read_parquet('{exported}/views/**/*.parquet')")
    assert found == [("11111111-1111-4111-8111-111111111111", datetime(2026, 11, 21, tzinfo=UTC).date())]


@pytest.mark.parametrize("name", NAMES)
def test_views_and_sessions_agree_with_the_summary(exported: Path, name: str) -> None:
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
def test_clicks_have_the_position_and_element_of_the_action(exported: Path, folder: Path) -> None:
    made = [step for step in json.loads((folder / "truth.json").read_bytes()) if step["what"] == "click"]
    found = query(
        f"SELECT element, page_x, page_y, epoch_ms(timestamp) FROM '{exported}/records/**/*.parquet' "
        "WHERE kind = 'click' AND session_id = $id ORDER BY timestamp",
        id=segments.open(segment_files(folder)).views[0].session_id,
    )
    assert [row[0] for row in found] == [step["sel"] for step in made]
    tolerance = 8 if folder.name.endswith("touch") else 1  # a finger is less precise
    for (_, x, y, time), step in zip(found, made, strict=True):
        assert (x, y) == pytest.approx((step["x"], step["y"]), abs=tolerance)
        assert 0 <= step["t"] - time < 500


def test_all_versions_of_the_sdk_have_the_same_kinds_for_the_same_actions(exported: Path) -> None:
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


def test_inputs_have_the_field_and_its_content_in_all_versions_of_the_sdk(exported: Path) -> None:
    found = query(
        f"SELECT element, value, checked, count(DISTINCT session_id) FROM '{exported}/records/**/*.parquet' "
        "WHERE kind = 'input' GROUP BY ALL"
    )
    found_everywhere = {(element, value, checked) for element, value, checked, sessions in found if sessions == 7}
    assert {("#name", "A", None), ("#name", "Ada", None), ("#pw", "***", None), ("#cb", None, True)} <= found_everywhere
    assert {("#ta", "seed more", None), ("#r2", None, True)} <= found_everywhere


def test_the_scroll_position_is_added_to_the_position_of_a_click(tmp_path: Path) -> None:
    scrolled = page(click(1), event(3, 2, id=0, x=7, y=600), event(3, 3, id=BUTTON, x=0, y=50), click(4))
    clicks = [row for row in rows_of(scrolled, tmp_path) if row["kind"] == "click"]
    assert [(row["x"], row["y"], row["page_x"], row["page_y"]) for row in clicks] == [
        (10, 20, 10, 20),
        (10, 20, 17, 620),
    ]


def test_what_is_visible_of_the_viewport_is_added_to_the_position_of_a_click(tmp_path: Path) -> None:
    visible = {"offsetLeft": 250, "offsetTop": 175.5, "pageLeft": 250, "pageTop": 775.5, "width": 500, "height": 350}
    enlarged = page(event(3, 1, id=0, x=0, y=600), record(8, 2, {**visible, "scale": 2}), click(3))
    (row,) = (row for row in rows_of(enlarged, tmp_path) if row["kind"] == "click")
    assert (row["x"], row["y"], row["page_x"], row["page_y"]) == (10, 20, 260, 795.5)


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


@pytest.mark.parametrize("is_recorded", [True, False])
def test_clicks_are_on_what_was_there_when_the_button_went_down(tmp_path: Path, *, is_recorded: bool) -> None:
    over = event(1, 5, positions=[{"id": BUTTON, "timeOffset": 0, "x": 10, "y": 20}])
    press = event(2, 10, type=1, id=BUTTON, x=10, y=20)
    opened = mutation(20, attributes=[{"id": BODY, "attributes": {"style": "pointer-events: none"}}])
    release = event(2, 90, type=0, id=BODY, x=10, y=20)
    records = [meta(), *([press] if is_recorded else []), opened, release, click(91, BODY)]
    (row,) = [row for row in rows_of(page(over, *records), tmp_path) if row["kind"] == "click"]
    assert (row["element"], row["node_id"]) == ("#pay", BODY)


def test_every_change_that_can_rename_an_element_is_noticed(tmp_path: Path) -> None:
    text = {"parentId": BUTTON, "nextId": None, "node": {"type": 3, "id": 200, "textContent": " now"}}
    changes = [
        mutation(1, adds=[text]),
        mutation(2, removes=[{"id": 100, "parentId": BUTTON}]),
        mutation(3, texts=[{"id": 200, "value": "later"}]),
        mutation(4, attributes=[{"id": BUTTON, "attributes": {"id": "buy"}}]),
        snapshot(5),
    ]
    rows = rows_of(page(click(0), *(one for change in changes for one in (change, click(9)))), tmp_path)
    assert [(row["element"], row["element_text"]) for row in rows if row["kind"] == "click"] == [
        ("#pay", "Pay"),
        ("#pay", "Pay now"),
        ("#pay", "now"),
        ("#pay", "later"),
        ("#buy", "later"),
        ("#pay", "Pay"),
    ]


def test_a_click_inside_a_shadow_root_has_a_path_into_it(exported: Path) -> None:
    found = query(
        f"SELECT DISTINCT element FROM '{exported}/records/**/*.parquet' WHERE kind = 'input' AND value = 'sh'"
    )
    assert found == [("#sh >>> #shin",)]


def test_url_and_viewport_are_those_at_that_time(tmp_path: Path) -> None:
    rows = rows_of(
        page(click(1), event(4, 2, width=640, height=600), meta(3, 500, 400, "http://b/"), click(4)), tmp_path
    )
    clicks = [(row["url"], row["viewport_width"], row["viewport_height"]) for row in rows if row["kind"] == "click"]
    assert clicks == [("http://shop/", 1000, 700), ("http://b/", 500, 400)]
    assert [row["position"] for row in rows] == list(range(len(rows)))
    assert {row["index_in_view"] for row in rows} == {0}


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (meta(1), "meta"),
        (record(6, 1, {"has_focus": True}), "page_focus"),
        (record(8, 1, VISUAL_VIEWPORT), "visual_viewport"),
        (record(9, 1, {"frustrationTypes": ["dead_click"], "recordIds": [1]}), "frustration"),
        (event(0, 1, adds=[], removes=[], attributes=[], texts=[]), "mutation"),
        (event(1, 1, positions=[]), "mouse_move"),
        (event(2, 1, type=0, id=BUTTON, x=1, y=1), "mouse_up"),
        (event(2, 1, type=1, id=BUTTON, x=1, y=1), "mouse_down"),
        (event(2, 1, type=2, id=BUTTON, x=1, y=1), "click"),
        (event(2, 1, type=3, id=BUTTON, x=1, y=1), "context_menu"),
        (event(2, 1, type=4, id=BUTTON, x=1, y=1), "double_click"),
        (event(2, 1, type=5, id=BUTTON), "focus"),
        (event(2, 1, type=6, id=BUTTON), "blur"),
        (event(2, 1, type=7, id=BUTTON, x=1, y=1), "touch_start"),
        (event(2, 1, type=9, id=BUTTON, x=1, y=1), "touch_end"),
        (event(3, 1, id=0, x=0, y=5), "scroll"),
        (event(4, 1, width=5, height=5), "resize"),
        (event(5, 1, id=FIELD, text="x"), "input"),
        (event(6, 1, positions=[]), "touch_move"),
        (event(7, 1, id=BUTTON, type=0), "media"),
        (event(2, 1, type=77, id=BUTTON, x=1, y=1), "interaction"),
        (event(9, 1, pointerEventType="down", pointerType="pen", pointerId=1, x=1, y=1), "pointer_down"),
        (event(8, 1, id=BUTTON, adds=[]), "style_sheet"),
        (change(1, [12, [FIELD, "x"]]), "input"),
        (change(1, [13, [0, BOX]]), "input"),
        (change(1, [6, [0, 0, 5]]), "scroll"),
        (change(1, [12, [FIELD, "x"]], [6, [0, 0, 5]]), "mutation"),
        (change(1, [0, "a string"]), "mutation"),
        (change(1, [9, [BUTTON, 0]]), "media"),
        (change(1, [7, ["a{}"]], [8, [BUTTON, 0]]), "style_sheet"),
        (change(1, [10, [0, 0, 0, 0, 500, 350, 2]]), "visual_viewport"),
        (change(1, [15, [BUTTON, "resource"]]), "image"),
        (change(1, [5, [BUTTON, 10, 20]]), "size"),
        (tap(1, "down"), "pointer_down"),
        (tap(1, "move"), "pointer_move"),
        (tap(1, "up"), "pointer_up"),
        (record(11, 1, {"source": 0, "adds": [], "removes": [], "updates": []}), "mutation"),
        (record(11, 1, {"source": 10, "removes": [1]}), "mutation"),
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


def test_all_kinds_are_listed() -> None:
    names = (
        "full_snapshot meta page_focus view_end visual_viewport frustration unknown mutation mouse_move scroll resize "
        "input touch_move media style_sheet mouse_up mouse_down click context_menu double_click focus blur touch_start "
        "touch_end pointer_down pointer_up pointer_move image size interaction"
    )
    assert " ".join(KINDS) == names


def segment_with(made: dict[str, Any]) -> bytes:
    return segment(meta(), snapshot(), record(7, 0)).replace(
        json.dumps(record(7, 0)).encode(), json.dumps(made).encode()
    )


def test_frustrations_recorded_by_the_sdk_are_included(exported: Path) -> None:
    found = query(
        f"SELECT frustration_types FROM '{exported}/records/**/*.parquet' WHERE kind = 'frustration' ORDER BY position"
    )
    assert Counter(noticed for (types,) in found for noticed in types) == {
        "rage_click": 1,
        "dead_click": 3,
        "error_click": 1,
    }


def test_a_value_that_a_type_cannot_hold_is_empty_but_is_in_the_raw_record(tmp_path: Path) -> None:
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


@pytest.mark.parametrize(
    ("number", "kept"), [(2**63 - 1, 2**63 - 1), (2**63, None), (-(2**63), -(2**63)), (-(2**63) - 1, None)]
)
def test_integers_have_64_bits(tmp_path: Path, number: int, kept: int | None) -> None:
    made = recording(click(0, id=number))
    (row,) = rows_of(made, tmp_path)
    assert row["node_id"] == kept
    export(made, tmp_path, format="parquet")
    assert query(f"SELECT node_id FROM '{tmp_path}/records/*/*/*.parquet'") == [(kept,)]


@pytest.mark.parametrize(
    "made", [event(3, 1, id=BODY, x=3, y=40), change(1, [6, [BODY, 3, 40]]), change(1, [6, [BODY, 3, 40], [BOX, 1, 2]])]
)
def test_scrolled_nodes_have_their_new_position(tmp_path: Path, made: dict[str, Any]) -> None:
    *_, row = rows_of(page(made), tmp_path)
    assert (row["kind"], row["node_id"], row["scroll_left"], row["scroll_top"]) == ("scroll", BODY, 3, 40)


@pytest.mark.parametrize("state", [0, 1])
def test_boxes_and_media_have_their_node(tmp_path: Path, state: int) -> None:
    box, medium = change(1, [13, [state, BOX]]), change(2, [9, [BUTTON, state]])
    recorded = page(event(5, 0, id=BOX, isChecked=state == 1), box, medium, event(7, 3, id=BUTTON, type=state))
    rows = rows_of(recorded, tmp_path)[-3:]
    assert [(row["kind"], row["node_id"], row["checked"]) for row in rows] == [
        ("input", BOX, state == 0),
        ("media", BUTTON, None),
        ("media", BUTTON, None),
    ]


def test_pointers_and_touches_on_mobile_have_a_position(tmp_path: Path) -> None:
    positions = [{"id": 1, "x": x, "y": 5, "timestamp": 1} for x in (3, 4)]
    made = recording(
        {**tap(1, "down", x=7, y=8), "slotId": "web"}, record(11, 2, {"source": 2, "positions": positions})
    )
    values = [(row["slot_id"], row["x"], row["y"], row["page_x"]) for row in rows_of(made, tmp_path)]
    assert values == [("web", 7, 8, None), (None, 4, 5, None)]


def test_on_a_mobile_screen_the_element_is_the_wireframe_under_the_finger(tmp_path: Path) -> None:
    fingers = [tap(3, "down", x=7, y=8), tap(4, "move", x=7, y=8), tap(5, "up", x=90, y=8), tap(6, "down", x=300, y=8)]
    web = [{**one, "slotId": "7"} for one in (meta(1), snapshot(2), click(7))]
    large = 2**63 - 1  # as those of SwiftUI
    shown = screen(
        1,
        words(8, "Pay", 0, 0, 50, 50, permanentId="a1"),
        wireframe(large, "shape", 60, 0, 50, 50, fill="#000000"),
        wireframe(10, "webview", 0, 100, 50, 50, slotId="7"),
    )
    *_, down, move, up, beside, clicked = rows_of(phone(shown, *web[:2], *fingers, web[2]), tmp_path)
    cells = [(row["node_id"], row["element"], row["element_text"]) for row in (down, move, up, beside)]
    assert cells == [(8, "#a1-text", "Pay"), (None,) * 3, (large, f"#wireframe-{large}", None), (None,) * 3]
    assert (clicked["kind"], clicked["element"], clicked["element_text"]) == (
        "click",
        "#wireframe-10 > iframe >>> #pay",
        "Pay",
    )


@pytest.mark.parametrize(("length", "shown"), [(100, "x" * 100), (101, "x" * 99 + "…")])
def test_the_text_of_an_element_has_at_most_100_characters(tmp_path: Path, length: int, shown: str) -> None:
    *_, row = rows_of(page(mutation(1, texts=[{"id": 100, "value": "x" * length}]), click(2)), tmp_path)
    assert row["element_text"] == shown


def test_times_are_rfc_3339_in_utc(tmp_path: Path) -> None:
    *_, row = rows_of(page({**click(0), "timestamp": START + 12.9}), tmp_path)
    assert row["timestamp"] == "2026-11-21T03:00:00.012Z"


class TestCsv:
    """CSV for spreadsheets, and for everything else that reads it."""

    FORMULAS = (
        *("=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''-1"),
        *("\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20x", "\u22121", "\ufe661"),
        *("a;=1+1", "a\t-1", "a\n@x", "a\r+1", "a;'=1", ";;=1", "a\t=1;b;-2", "a\n\uff1d1"),
        *('a;"=1&"', 'a;""=1', "a;'\"'=1", '"=1', "\t=1", "=1;=2", "a;\t=1\r\n=2"),
    )
    TEXTS = (
        *("plain", "'quoted'", 'say "no"', "a\nb,c", "", "1-1", "a=b;c=d", "a; =1", "a,=1", "a;b-c", "';'", "\uff1b"),
    )
    SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\u2212"

    @pytest.fixture
    def written(self, tmp_path: Path) -> str:
        made = page(*(typed(n, text) for n, text in enumerate((*self.FORMULAS, *self.TEXTS))))
        export(made, tmp_path, format="csv")
        (file,) = tmp_path.glob("records/*/*/*.csv")
        return file.read_bytes().decode()

    @pytest.fixture
    def cells(self, written: str) -> list[str]:
        rows = csv.DictReader(io.StringIO(written, newline=""), strict=True)
        return [row["value"] for row in rows if row["kind"] == "input"]

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_no_text_is_a_formula_whatever_separates_cells(self, written: str, separator: str) -> None:
        rows = list(csv.reader(io.StringIO(written, newline=""), delimiter=separator))
        assert max(map(len, rows)) > 1
        assert [cell for row in rows for cell in row if cell.lstrip('"').startswith(tuple(self.SIGNS))] == []

    def test_text_that_begins_with_white_space_is_no_formula(self, cells: list[str]) -> None:
        assert [text for text in cells if text.startswith(("\t", "\r"))] == []

    def test_the_text_can_be_restored(self, cells: list[str]) -> None:
        guard = re.compile(rf"""(?:\A|(?<=[;\t\r\n]))'(?=['"]*[{re.escape(self.SIGNS)}])|\A'(?='*[\t\r])""")
        assert [guard.sub("", text) for text in cells] == [*self.FORMULAS, *self.TEXTS]
        assert [text for text, given in zip(cells, self.FORMULAS, strict=False) if text == given] == []
        assert cells[len(self.FORMULAS) :] == list(self.TEXTS)

    def test_numbers_are_not_quoted(self, tmp_path: Path) -> None:
        export(page(click(1, x=-5, y=2.5)), tmp_path, format="csv")
        (file,) = tmp_path.glob("records/*/*/*.csv")
        *_, last = file.read_text(encoding="utf-8").splitlines()
        assert ",-5.0,2.5,-5.0,2.5," in last

    @pytest.mark.parametrize(("is_checked", "written"), [(True, "true"), (False, "false")])
    def test_booleans_are_lower_case(self, tmp_path: Path, is_checked: bool, written: str) -> None:
        export(page(event(5, 1, id=BOX, isChecked=is_checked)), tmp_path, format="csv")
        (file,) = tmp_path.glob("records/*/*/*.csv")
        *_, last = file.read_text(encoding="utf-8").splitlines()
        assert f',{BOX},"#agree",,,{written},' in last

    def test_absent_and_empty_text_differ(self, tmp_path: Path) -> None:
        export(page(typed(1, "")), tmp_path, format="csv")
        (file,) = tmp_path.glob("records/*/*/*.csv")
        *_, snapshot_row, typed_row = file.read_text(encoding="utf-8").splitlines()
        assert f',{FIELD},"#name",,"",,,,,' in typed_row
        assert ",,,,,,,,,,," in snapshot_row


def test_any_text_is_read_back_from_all_formats(tmp_path: Path) -> None:
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
    named: list[int] = []

    def counted(node: Node) -> str:
        named.append(node.id)
        return css_path(node)

    monkeypatch.setattr(elements, "css_path", counted)
    moves = [event(1, n, positions=[{"id": OTHER, "timeOffset": 0, "x": 1, "y": 1}]) for n in range(9)]
    clicks = [click(n) for n in range(9)]
    rows_of(page(*moves, *clicks, typed(9, "a"), *clicks, event(4, 9, width=1, height=1), *clicks), tmp_path)
    assert named == [BUTTON, FIELD]


def test_elements_are_named_however_often_the_page_changes(tmp_path: Path) -> None:
    renamed = [mutation(n, attributes=[{"id": BUTTON, "attributes": {"id": f"pay-{n}"}}]) for n in range(5)]
    made = page(*(one for change in renamed for one in (change, click(9))))
    named = [row["element"] for row in rows_of(made, tmp_path) if row["kind"] == "click"]
    assert named == [f"#pay-{n}" for n in range(5)]


def test_moves_have_a_position_and_a_node_but_no_name(tmp_path: Path) -> None:
    positions = [{"id": node, "timeOffset": 0, "x": node, "y": 9} for node in (BUTTON, OTHER)]
    *_, mouse, touch = rows_of(page(event(1, 1, positions=positions), event(6, 2, positions=positions)), tmp_path)
    for row, kind in ((mouse, "mouse_move"), (touch, "touch_move")):
        values = (row["kind"], row["node_id"], row["x"], row["page_y"], row["element"])
        assert values == (kind, OTHER, OTHER, 9, None)
