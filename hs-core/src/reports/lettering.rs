//! Text from a file as it may stand in a page, a picture or a terminal: cleaned, measured, wrapped.

use unicode_width::UnicodeWidthChar;

/// Marks that may follow one letter; more is a way to scribble over other lines.
const MOST_MARKS: usize = 4;

/// One line of visible text: white space collapsed; control characters and those that change the direction of what follows stand as
/// U+FFFD, so that they are seen and do nothing.
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut marks = 0;
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() || c == '\u{85}' {
            space = true;
            continue;
        }
        if std::mem::take(&mut space) && !cleaned.is_empty() {
            cleaned.push(' ');
        }
        let mark = c.width() == Some(0) && !joiner(c);
        marks = if mark { marks + 1 } else { 0 };
        if marks <= MOST_MARKS {
            cleaned.push(if harmful(c) { '\u{FFFD}' } else { c });
        }
    }
    cleaned
}

fn joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

fn harmful(c: char) -> bool {
    let code = u32::from(c);
    c.is_control()
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
        || matches!(code, 0xE0000..=0xE007F | 0xFDD0..=0xFDEF)
        || code & 0xFFFE == 0xFFFE
}

/// Cleaned, and cut after `most` characters.
pub(super) fn clipped(text: &str, most: usize) -> String {
    let cleaned = clean(text);
    match cleaned.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", cleaned.get(..at).unwrap_or_default().trim_end()),
        None => cleaned,
    }
}

/// Columns a text takes in a terminal.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Width of a text in units of its font size, on the generous side for common sans-serif fonts.
pub(super) fn ems(text: &str) -> f64 {
    text.chars().map(em).sum()
}

fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'f' | 't' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '(' | ')' | '[' | ']' | ' ' | '-' => 0.39,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.97,
        'r' | 's' | 'z' | 'c' => 0.54,
        'A'..='Z' | '&' => 0.74,
        ' '..='~' => 0.63,
        _ => match c.width() {
            Some(0) | None => 0.0,
            Some(1) => 0.75,
            Some(_) => 1.05,
        },
    }
}

/// Lines no wider than `width` by the given measure: broken at spaces, within a word only where it is too wide by itself.
pub(super) fn wrapped(text: &str, width: f64, measure: impl Fn(&str) -> f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if measure(&joined) <= width {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for piece in pieces(word, width, &measure) {
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = piece;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A word cut into pieces that fit; never before a mark or around a joiner.
fn pieces(word: &str, width: f64, measure: &impl Fn(&str) -> f64) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut piece = String::new();
    let mut cluster = String::new();
    let mut joined = false;
    let mut flush = |cluster: &mut String, piece: &mut String| {
        if !piece.is_empty() && measure(&format!("{piece}{cluster}")) > width {
            pieces.push(std::mem::take(piece));
        }
        piece.push_str(&std::mem::take(cluster));
    };
    for c in word.chars() {
        let starts = c.width().unwrap_or(0) > 0 && !joined;
        if starts && !cluster.is_empty() {
            flush(&mut cluster, &mut piece);
        }
        joined = c == '\u{200D}';
        cluster.push(c);
    }
    flush(&mut cluster, &mut piece);
    pieces.push(piece);
    pieces
}

/// At most `most` lines; what is cut off shows as an ellipsis.
pub(super) fn first_lines(mut lines: Vec<String>, most: usize) -> Vec<String> {
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            last.pop();
            last.push('…');
        }
    }
    lines
}

/// A whole number with commas.
pub(super) fn whole(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut grouped = String::with_capacity(digits.len() * 4 / 3 + 1);
    if number <= -0.5 {
        grouped.push('-');
    }
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(c);
    }
    grouped
}

/// A share or a small number with two or three digits after the point.
pub(super) fn decimal(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 {
        "0".into()
    } else if size >= 1000.0 {
        whole(number)
    } else if size >= 0.095 {
        format!("{number:.2}")
    } else if size >= 0.0005 {
        format!("{number:.3}")
    } else {
        "under 0.001".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_and_overrides_are_seen_and_do_nothing() {
        assert_eq!(clean("a\u{0}b\u{202E}c\u{1B}[31m\u{9B}d"), "a\u{FFFD}b\u{FFFD}c\u{FFFD}[31m\u{FFFD}d");
        assert_eq!(clean("  two\r\n\tlines\u{2028}here "), "two lines here");
        assert_eq!(clean("\u{2067}x\u{2069}\u{FEFF}"), "\u{FFFD}x\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn scripts_keep_their_joiners_and_marks() {
        for name in ["نا‌امنی غذایی", "क्षेत्र", "ความไม่มั่นคง", "שָׁלוֹם", "粮食危机", "👩‍👩‍👧"]
        {
            assert_eq!(clean(name), name);
        }
        assert_eq!(clean(&format!("a{}", "\u{301}".repeat(40))).chars().count(), 1 + MOST_MARKS);
    }

    #[test]
    fn lines_fit_and_lose_nothing() {
        let text = "food crisis 粮食危机粮食危机粮食危机 Donaudampfschifffahrtsgesellschaft";
        let lines = wrapped(text, 12.0, |t| columns(t) as f64);
        assert!(lines.iter().all(|l| columns(l) <= 12), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        assert_eq!(first_lines(lines, 2).len(), 2);
    }

    #[test]
    fn a_cluster_is_never_broken() {
        let lines = wrapped("👩‍👩‍👧👩‍👩‍👧", 3.0, |t| columns(t) as f64);
        assert!(lines.iter().all(|l| !l.starts_with('\u{200D}') && !l.ends_with('\u{200D}')));
    }

    #[test]
    fn numbers_read_plainly() {
        assert_eq!(whole(2_100_000.0), "2,100,000");
        assert_eq!(whole(-1234.6), "-1,235");
        assert_eq!(whole(-0.2), "0");
        assert_eq!(decimal(0.5), "0.50");
        assert_eq!(decimal(0.0123), "0.012");
        assert_eq!(decimal(0.00001), "under 0.001");
        assert_eq!(decimal(-0.0), "0");
    }
}
