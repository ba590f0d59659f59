//! The lines of an OpenAir text as records, gathered zone by zone.

/// A line: its number (from 1), its two-letter record type, and the rest without comment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'t> {
    pub(super) line: usize,
    pub(super) kind: Kind,
    pub(super) rest: &'t str,
}

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `AC`: the class, and the begin of a zone.
    Class,
    /// `AY`: the type.
    Type,
    /// `AI`: the identifier.
    Identifier,
    /// `AN`: the name.
    Name,
    /// `AH`: the upper limit.
    Upper,
    /// `AL`: the lower limit.
    Lower,
    /// `AA`: an activation time.
    Activation,
    /// `AF`: the radio frequency.
    Frequency,
    /// `AG`: the ground station.
    Station,
    /// `AX`, `TX`: the transponder code.
    Transponder,
    /// `V`: a variable for the records that follow.
    Variable,
    /// `DP`: a corner.
    Corner,
    /// `DA`: an arc between azimuths.
    ArcByAngles,
    /// `DB`: an arc between places.
    ArcBetween,
    /// `DC`: a circle.
    Circle,
    /// `DY`: a place on an airway.
    Airway,
    /// `SP`, `SB`, `AT`, `TO`, `TC`: how to draw it.
    Style,
}

const KINDS: [(&str, Kind); 22] = [
    ("AC", Kind::Class),
    ("AY", Kind::Type),
    ("AI", Kind::Identifier),
    ("AN", Kind::Name),
    ("AH", Kind::Upper),
    ("AL", Kind::Lower),
    ("AA", Kind::Activation),
    ("AF", Kind::Frequency),
    ("AG", Kind::Station),
    ("AX", Kind::Transponder),
    ("TX", Kind::Transponder),
    ("V", Kind::Variable),
    ("DP", Kind::Corner),
    ("DA", Kind::ArcByAngles),
    ("DB", Kind::ArcBetween),
    ("DC", Kind::Circle),
    ("DY", Kind::Airway),
    ("SP", Kind::Style),
    ("SB", Kind::Style),
    ("AT", Kind::Style),
    ("TO", Kind::Style),
    ("TC", Kind::Style),
];

/// The records of one zone, from its `AC` up to the next.
#[derive(Debug, Default)]
pub(super) struct Block<'t> {
    /// The line of its first record.
    pub(super) line: usize,
    pub(super) records: Vec<Record<'t>>,
    /// Lines within it that are no records at all.
    pub(super) stray: Vec<(usize, &'t str)>,
}

/// A text taken apart.
#[derive(Debug, Default)]
pub(super) struct Records<'t> {
    pub(super) blocks: Vec<Block<'t>>,
    /// Records of kinds that are not known: the kind, its first line, and how many there are.
    pub(super) unknown: Vec<(&'t str, usize, usize)>,
    /// Lines before the first zone that are no records.
    pub(super) preamble: Vec<(usize, &'t str)>,
}

/// Takes a text apart. A zone begins at each `AC`, or at the first record of a zone without one.
pub(super) fn records(text: &str) -> Records<'_> {
    let mut found = Records::default();
    for (index, line) in text.lines().enumerate() {
        let line = line.split('*').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let number = index + 1;
        match split(line) {
            Split::Known(Kind::Style, _) => {}
            Split::Known(kind, rest) => {
                if kind == Kind::Class || found.blocks.is_empty() {
                    found.blocks.push(Block { line: number, ..Block::default() });
                }
                if let Some(block) = found.blocks.last_mut() {
                    block.records.push(Record { line: number, kind, rest });
                }
            }
            Split::Unknown(kind) => match found.unknown.iter_mut().find(|(known, ..)| *known == kind) {
                Some((_, _, count)) => *count += 1,
                None => found.unknown.push((kind, number, 1)),
            },
            Split::Stray => match found.blocks.last_mut() {
                Some(block) => block.stray.push((number, line)),
                None => found.preamble.push((number, line)),
            },
        }
    }
    found
}

enum Split<'t> {
    Known(Kind, &'t str),
    Unknown(&'t str),
    Stray,
}

fn split(line: &str) -> Split<'_> {
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    let known =
        |word: &str| KINDS.iter().find(|(kind, _)| kind.eq_ignore_ascii_case(word)).map(|(_, kind)| *kind);
    if let Some(kind) = known(word) {
        return Split::Known(kind, rest.trim());
    }
    // `DP52:00:00N 005:00:00E`, `VX=...`: no blank after the record type.
    let letters = word.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(word.len());
    if let (Some(kind), true) = (known(&word[..letters]), letters < word.len() && &word[letters..] != "!") {
        return Split::Known(kind, line[letters..].trim());
    }
    let is_variable = word.starts_with(['V', 'v'])
        && line[1..].trim_start().get(1..).is_some_and(|rest| rest.trim_start().starts_with('='));
    if is_variable {
        return Split::Known(Kind::Variable, line[1..].trim());
    }
    if word.len() <= 3 && word.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        return Split::Unknown(word);
    }
    Split::Stray
}
