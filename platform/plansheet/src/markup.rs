//! HTML debris: real tags become breaks or vanish, everything else in angle brackets stays text.

/// Ends a table row, without counting as a blank line.
pub(crate) const ROW: char = '\u{1}';
/// Separates cells, as a tab does.
pub(crate) const CELL: char = '\u{2}';
/// Separates paragraphs of one cell.
pub(crate) const PARA: char = '\u{3}';
/// A line inside a paragraph.
pub(crate) const BREAK: char = '\u{4}';
/// A tick box or radio button that was a mark.
pub(crate) const MARK: char = '○';

/// Longest tag that is looked for, in bytes; a longer one is taken for text.
const LONGEST_TAG: usize = 2_000;

/// What a tag leaves behind.
enum Trace {
    Nothing,
    Put(char),
}

/// `line` without tags, their breaks kept as the control characters above. The line's own control
/// characters go; tabs become [`CELL`].
pub(crate) fn strip(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('<') {
        push_text(&mut out, &rest[..at]);
        rest = &rest[at..];
        if let Some((length, trace)) = tag(rest) {
            if let Trace::Put(mark) = trace {
                out.push(mark);
            }
            rest = &rest[length..];
        } else {
            out.push('<');
            rest = &rest[1..];
        }
    }
    push_text(&mut out, rest);
    entities(out)
}

fn push_text(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\t' => out.push(CELL),
            '\u{a0}' | '\u{feff}' => out.push(' '),
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{ad}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
}

/// The tag at the start of `text`: its length in bytes and what it leaves.
fn tag(text: &str) -> Option<(usize, Trace)> {
    let bytes = text.as_bytes();
    let closing = bytes.get(1) == Some(&b'/');
    let start = if closing { 2 } else { 1 };
    let name_length = bytes
        .iter()
        .skip(start)
        .take(12)
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    let name = text.get(start..start + name_length)?.to_ascii_lowercase();
    let after = *bytes.get(start + name_length)?;
    if !(after == b'>' || after == b'/' || after.is_ascii_whitespace()) {
        return None;
    }
    let trace = trace(&name, closing)?;
    let end = bytes
        .iter()
        .take(LONGEST_TAG)
        .skip(start)
        .position(|byte| matches!(byte, b'<' | b'>'))?
        + start;
    if bytes.get(end) != Some(&b'>') {
        return None;
    }
    let trace = match name.as_str() {
        "input" if is_mark(text.get(..end)?) => Trace::Put(MARK),
        _ => trace,
    };
    Some((end + 1, trace))
}

/// What a tag of this name leaves; `None` when it is no tag of HTML's.
fn trace(name: &str, closing: bool) -> Option<Trace> {
    Some(match name {
        "tr" | "table" => Trace::Put(ROW),
        "td" | "th" if closing => Trace::Put(CELL),
        "p" | "div" | "ul" | "ol" | "li" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            Trace::Put(PARA)
        }
        "br" | "hr" => Trace::Put(BREAK),
        "td" | "th" | "tbody" | "thead" | "tfoot" | "caption" | "colgroup" | "col" | "span"
        | "font" | "small" | "big" | "center" | "img" | "input" | "b" | "i" | "u" | "strong"
        | "em" | "sup" | "sub" => Trace::Nothing,
        _ => return None,
    })
}

/// A radio button or tick box is how some conversions write ○. One that says whether it is ticked
/// counts only when it is.
fn is_mark(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    if tag.contains("checked=\"false\"") || tag.contains("value=\"off\"") {
        return false;
    }
    tag.contains("radio") || (tag.contains("checkbox") && tag.contains("checked"))
}

/// The five entities that conversions write.
fn entities(text: String) -> String {
    if !text.contains('&') {
        return text;
    }
    text.replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}
