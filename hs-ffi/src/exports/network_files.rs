//! Networks in files and texts of other programs.

use std::ffi::c_char;
use std::path::Path;

use hs_core::exchange::{NetworkFormat, ReadNetwork, network_text, write_network};
use hs_core::{Error, nearest, shown};

use super::assessments::limits_or_default;
use super::types::{hs_error, hs_limits, hs_network, hs_text};
use crate::boundary::{Handle, bytes, cross, make, name, name_or_none, read_settings};
use crate::status::hs_status;

/// Writes a network to a file, whole or not at all: .graphml, .gexf, .dot, .mmd or .json, as its ending says.
/// acknowledgement may be NULL; a network of a restricted or strict assessment leaves when it names the class.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_network_write(
    network: hs_network,
    path: *const c_char,
    acknowledgement: *const c_char,
    error: *mut hs_error,
) -> hs_status {
    cross(error, || {
        let network = network.open()?;
        write_network(&network, Path::new(name(path, "path")?), name_or_none(acknowledgement, "acknowledgement")?)
    })
}

/// Reads a network from a file: .graphml, .json (node-link, Kumu) or .csv (a square matrix, a sheet of connections, a list of edges).
///
/// settings: ReadNetwork (format, weight, orientation, elements). limits may be NULL: the defaults.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_network_read(
    path: *const c_char,
    settings: *const c_char,
    length: usize,
    limits: *const hs_limits,
    out: *mut hs_network,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let reading = read_settings::<ReadNetwork>(settings, length)?;
        Ok(reading.run(Path::new(name(path, "path")?), &limits_or_default(limits)?)?.into())
    })
}

/// A network as text in a format: graphml, gexf, dot, mermaid or json.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_network_to_text(
    network: hs_network,
    format: *const c_char,
    out: *mut hs_text,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        Ok(network_text(&network, format_of(name(format, "format")?)?)?.into())
    })
}

/// Reads a network from a text of text_length bytes, as hs_network_read does from a file; JSON where the settings name no format.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_network_from_text(
    text: *const c_char,
    text_length: usize,
    settings: *const c_char,
    length: usize,
    limits: *const hs_limits,
    out: *mut hs_network,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let text = bytes(text, text_length, "text")?;
        Ok(read_settings::<ReadNetwork>(settings, length)?.from_text(text, &limits_or_default(limits)?)?.into())
    })
}

/// The format of that word.
fn format_of(word: &str) -> hs_core::Result<NetworkFormat> {
    let quoted = serde_json::Value::String(word.to_owned());
    serde_json::from_value(quoted).map_err(|_| {
        let near = nearest(word, ["graphml", "gexf", "dot", "mermaid", "json"]).map(|near| format!("; did you mean `{near}`?"));
        Error::argument(format!(
            "found the format `{}`, wanted graphml, gexf, dot, mermaid or json{}",
            shown(word),
            near.unwrap_or_default()
        ))
    })
}
