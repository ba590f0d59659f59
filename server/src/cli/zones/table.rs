//! The table that `tianlu zones` prints.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::row::Row;

/// Wide enough for every column where the output is no terminal.
const WIDTH_OF_A_FILE: u16 = 180;

pub(super) fn render(rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(WIDTH_OF_A_FILE);
    }
    table.set_header(["identifier", "name", "restriction", "layers", "heights", "when", "outline"]);
    for row in rows {
        table.add_row([
            Cell::new(&row.identifier),
            Cell::new(&row.name),
            Cell::new(row.restriction),
            Cell::new(row.layers).set_alignment(CellAlignment::Right),
            Cell::new(few(&row.heights)),
            Cell::new(few(&row.when)),
            Cell::new(&row.outline),
        ]);
    }
    table.to_string()
}

/// The first lines, and how many more there are.
fn few(lines: &[String]) -> String {
    const MOST: usize = 4;
    match lines.len().saturating_sub(MOST) {
        0 => lines.join("\n"),
        more => format!("{}\nand {more} more", lines[..MOST].join("\n")),
    }
}
