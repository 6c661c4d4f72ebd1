//! The plots: horizontal bars, one for each ratio, with a line where both sides are equal.

use crate::{Row, Target, Unit};
use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;

const WIDTH: u32 = 760;
const BAR: u32 = 26;
/// What names and titles take beside and above the bars.
const NAMES: u32 = 230;
const TITLE: u32 = 36;
const SCALE: u32 = 40;

const MET: RGBColor = RGBColor(0x35, 0x7a, 0xb7);
const NOT_MET: RGBColor = RGBColor(0xc8, 0x6a, 0x2b);

/// A bar: what it is called, its length, and whether a target is missed.
struct Bar {
    name: String,
    value: f64,
    is_met: bool,
}

impl Bar {
    fn new(row: &Row, name: &str, value: f64) -> Self {
        Bar {
            name: name.to_owned(),
            value,
            is_met: row.target.is_none_or(|target| target.is_met(row.figures.median)),
        }
    }
}

/// The kernels' times against plain Wasmtime.
pub(super) fn kernels(rows: &[Row]) -> Result<String> {
    let bars = rows.iter().filter_map(|row| {
        let name = row.name.strip_prefix("weft / plain Wasmtime, ")?;
        Some(Bar::new(row, name, row.figures.median))
    });
    draw(
        "Time of weft / time of plain Wasmtime without interruption, one thread",
        &Vec::from_iter(bars),
    )
}

/// The times against native threads.
pub(super) fn contention(rows: &[Row]) -> Result<String> {
    let bars = rows.iter().filter(|row| row.unit == Unit::Ratio).filter_map(|row| {
        let (what, name) = row.name.split_once(", ")?;
        let value = match row.target {
            Some(Target::AtLeast(_)) => 1.0 / row.figures.median,
            Some(Target::AtMost(_)) | None => row.figures.median,
        };
        what.contains("native").then(|| Bar::new(row, name, value))
    });
    draw("Time of weft / time of native threads", &Vec::from_iter(bars))
}

/// Draws bars, the first on top.
fn draw(title: &str, bars: &[Bar]) -> Result<String> {
    let mut svg = String::new();
    let height = TITLE + SCALE + BAR * bars.len() as u32;
    let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
    // The error of this back end has no meaning but its text.
    fill(&area, title, bars).map_err(|error| anyhow!("cannot draw `{title}`: {error}"))?;
    drop(area);
    Ok(svg)
}

type Outcome = std::result::Result<(), Box<dyn std::error::Error>>;

fn fill(area: &DrawingArea<SVGBackend<'_>, Shift>, title: &str, bars: &[Bar]) -> Outcome {
    area.fill(&WHITE)?;
    let longest = bars.iter().map(|bar| bar.value).fold(1.0, f64::max);
    let count = bars.len() as f64;
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 16))
        .margin_right(50)
        .set_label_area_size(LabelAreaPosition::Bottom, SCALE - 10)
        .margin_left(NAMES)
        .build_cartesian_2d(0.0..longest * 1.05, 0.0..count)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .light_line_style(TRANSPARENT)
        .draw()?;
    for (bar, position) in bars.iter().zip(1..) {
        let top = count - f64::from(position) + 1.0;
        let color = if bar.is_met { MET } else { NOT_MET };
        let corners = [(0.0, top - 0.15), (bar.value, top - 0.85)];
        chart.draw_series([Rectangle::new(corners, color.filled())])?;
        let middle = chart.backend_coord(&(0.0, top - 0.5));
        let end = chart.backend_coord(&(bar.value, top - 0.5));
        let style = ("sans-serif", 13).into_font();
        area.draw(&Text::new(bar.name.clone(), (10, middle.1 - 7), style.clone()))?;
        area.draw(&Text::new(format!("{:.2}", bar.value), (end.0 + 4, end.1 - 7), style))?;
    }
    chart.draw_series([PathElement::new([(1.0, 0.0), (1.0, count)], BLACK.stroke_width(1))])?;
    area.present()?;
    Ok(())
}
