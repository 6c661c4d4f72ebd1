//! Adapts a core module, in either format, and writes the component: `cargo run --example adapt -- IN OUT`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(input), Some(output)) = (args.next(), args.next()) else {
        return Err("usage: adapt IN OUT".into());
    };
    let component = weft_adapt::adapt(&wat::parse_file(input)?)?;
    std::fs::write(output, component)?;
    Ok(())
}
