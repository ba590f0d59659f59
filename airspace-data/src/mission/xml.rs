//! A small XML document as a tree. No document types, no entities but the five of XML itself and character references.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements of a document, at most.
const MOST_ELEMENTS: usize = 500_000;
/// Elements within each other, at most.
const DEEPEST: usize = 64;

/// An element by its name without a prefix, with its text and the elements in it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

impl Element {
    /// The elements in it of a name.
    pub(super) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element in it of a name.
    pub(super) fn child<'e>(&'e self, name: &'e str) -> Option<&'e Self> {
        self.all(name).next()
    }

    /// The text of the first element in it of a name.
    pub(super) fn text_of<'e>(&'e self, name: &'e str) -> Option<&'e str> {
        self.child(name).map(|child| child.text.trim())
    }

    fn named(start: &BytesStart<'_>) -> Self {
        Self { name: start.local_name().as_ref().to_owned(), ..Self::default() }
    }
}

/// The document's root element.
///
/// # Errors
/// What was found, in words.
pub(super) fn parse(text: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = vec![Element::default()];
    let mut count = 0;
    loop {
        let at = reader.buffer_position();
        let event = reader.read_event().map_err(|error| format!("{error} at byte {at}"))?;
        match event {
            Event::Start(start) => {
                open.push(Element::named(&start));
                count += 1;
            }
            Event::Empty(start) => {
                count += 1;
                close(&mut open, Element::named(&start));
            }
            Event::End(_) => {
                // The reader has checked that there is one.
                let Some(done) = open.pop() else { break };
                close(&mut open, done);
            }
            Event::Text(text) => append(&mut open, &text),
            Event::CData(text) => append(&mut open, &text),
            Event::GeneralRef(name) => {
                let known = match &*name {
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "amp" => Some('&'),
                    "apos" => Some('\''),
                    "quot" => Some('"'),
                    _ => name.resolve_char_ref().map_err(|error| format!("{error} at byte {at}"))?,
                };
                let Some(known) = known else {
                    return Err(format!("the entity &{}; at byte {at}", &*name));
                };
                append(&mut open, known.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return Err("a document type".to_owned()),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
        if count > MOST_ELEMENTS || open.len() > DEEPEST {
            return Err(format!(
                "more than {MOST_ELEMENTS} elements, or more than {DEEPEST} within each other"
            ));
        }
    }
    if open.len() != 1 {
        return Err(format!("an end of the document within {:?}", open[open.len() - 1].name));
    }
    let root = open.pop().and_then(|mut all| all.children.pop());
    root.ok_or_else(|| "no element".to_owned())
}

fn close(open: &mut [Element], done: Element) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(done);
    }
}

fn append(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// A text as it stands in an element or an attribute: what cannot stand in XML 1.0 at all becomes U+FFFD.
pub(super) fn escaped(text: &str) -> String {
    let allowed =
        |c: char| matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    let clean: String = text.chars().map(|c| if allowed(c) { c } else { '\u{FFFD}' }).collect();
    quick_xml::escape::escape(clean.as_str()).into_owned()
}
