//! From what was readable of a feature to zones: all of it, or refused, or (leniently) kept closed.

use tianlu_engine::airspace::{Applicability, Layer, Limits, Missions, Outline, Restriction, Zone};

use super::findings::{Findings, Log};

/// What was read of one feature. It is good only if its findings hold no fault.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) zone: Zone,
    pub(super) findings: Findings,
}

impl Draft {
    /// A draft with nothing in it yet.
    pub(super) fn new(findings: Findings) -> Self {
        Self { zone: Zone::new("", Restriction::Prohibited, Vec::new()), findings }
    }

    /// Adds a layer, if its outline was readable.
    pub(super) fn push(&mut self, outline: Option<Outline>, limits: Limits) {
        self.zone.layers.extend(outline.map(|outline| Layer { outline, limits }));
    }
}

/// Takes a file's drafts in order.
pub(super) struct Intake<'a> {
    pub(super) log: &'a mut Log,
    pub(super) lenient: bool,
    pub(super) zones: Vec<Zone>,
    pub(super) left_out: usize,
}

impl<'a> Intake<'a> {
    pub(super) fn new(log: &'a mut Log, lenient: bool) -> Self {
        Self { log, lenient, zones: Vec::new(), left_out: 0 }
    }

    /// Keeps a zone that was understood. One that was not refuses the file; leniently it is kept closed.
    pub(super) fn take(&mut self, draft: Draft) {
        let Draft { mut zone, mut findings } = draft;
        if findings.faults.is_empty() {
            self.zones.push(zone);
        } else if self.lenient {
            let faults: Vec<_> = std::mem::take(&mut findings.faults);
            let spelled: Vec<_> = faults
                .iter()
                .take(3)
                .map(|fault| format!("{}: found {}, expected {}", fault.field, fault.found, fault.expected))
                .collect();
            let why = spelled.join("; ") + if faults.len() > 3 { "; ..." } else { "" };
            if zone.layers.is_empty() {
                self.left_out += 1;
                findings.warn(format!("left out, as it has no readable outline ({why})"));
            } else {
                close(&mut zone, &findings);
                findings
                    .warn(format!("kept closed at all heights and times, as it is not understood ({why})"));
                self.zones.push(zone);
            }
        }
        self.log.take(findings);
    }
}

fn close(zone: &mut Zone, findings: &Findings) {
    if zone.identifier.is_empty() {
        zone.identifier = format!("#{}", findings.index.unwrap_or(0));
    }
    zone.restriction = Restriction::Prohibited;
    zone.applicability = Applicability::Always;
    zone.exempt_missions = Missions::NONE;
    zone.layers.iter_mut().for_each(|layer| layer.limits = Limits::UNBOUNDED);
}
