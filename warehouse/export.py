"""The views as Parquet files, for whoever does not open DuckDB."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.reading import Limits, reading

# Columns with the words of a publisher, which only some licences let one pass on.
TEXTS = {"revisions": ("text",), "edits": ("before", "after"), "silent_edits": ("before", "after")}
OPEN = "^(cc0|cc by( |-sa|$)|public domain)"  # licences that do, in small letters
ROWS = 20_000  # at once
_COMMENTS = "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ?"


def export(db: Path, folder: Path, with_text: bool) -> list[tuple[str, int]]:
    """Write one Parquet file for each view of *db* into *folder*; return the names and how many rows each has.

    Texts are left out (NULL) where the licence of their source does not let one pass them on, unless *with_text*.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with reading(db, Limits(memory="4GB", seconds=3600)) as con:
        return [(view, _write(con, view, comment, folder, with_text)) for view, comment in _views(con)]


def _views(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    sql = """SELECT view_name, comment FROM duckdb_views()
             WHERE NOT internal AND NOT starts_with(view_name, '_') ORDER BY view_name"""
    return con.execute(sql).fetchall()


def _write(con: duckdb.DuckDBPyConnection, view: str, comment: str, folder: Path, with_text: bool) -> int:
    draft, rows = folder / f".{view}.part", 0
    comments = dict(con.execute(_COMMENTS, [view]).fetchall())
    reader = con.sql(_select(view, with_text)).to_arrow_reader(ROWS)
    described = [field.with_metadata({"comment": comments.get(field.name) or ""}) for field in reader.schema]
    schema = pa.schema(described, metadata={"comment": comment})
    with pq.ParquetWriter(draft, schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_table(pa.Table.from_batches([batch]).cast(schema))
            rows += batch.num_rows
    draft.replace(folder / f"{view}.parquet")
    return rows


def _select(view: str, with_text: bool) -> str:
    if with_text or view not in TEXTS:
        return f"FROM {view}"
    cut = ", ".join(f"CASE WHEN passed_on THEN {name} END AS {name}" for name in TEXTS[view])
    return f"""SELECT v.* REPLACE ({cut}) FROM {view} v LEFT JOIN (
                   SELECT article_id, coalesce(regexp_matches(lower(licence), '{OPEN}'), false) AS passed_on FROM articles
               ) USING (article_id)"""
