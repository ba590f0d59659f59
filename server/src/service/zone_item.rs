//! A zone as it is served: its ED-318 feature as text, with its ETag.

use std::collections::HashSet;
use std::sync::Arc;

use tianlu_airspace_data::airspace::zone_to_ed318;
use tianlu_engine::airspace::Zone;

/// What is served of a zone.
#[derive(Debug)]
pub(crate) struct ZoneItem {
    /// Its id in the collection: the identifier, made unique if the airspace has it twice.
    pub(crate) id: String,
    /// The feature's JSON.
    pub(crate) text: String,
    /// A strong ETag, quotes included.
    pub(crate) etag: String,
}

impl ZoneItem {
    pub(crate) fn new(zone: &Zone, id: String) -> Arc<Self> {
        let mut feature = zone_to_ed318(zone);
        if let Some(members) = feature.as_object_mut() {
            members.insert("id".to_owned(), id.clone().into());
        }
        let text = feature.to_string();
        let etag = format!("\"{:032x}\"", fnv1a_128(text.as_bytes()));
        Arc::new(Self { id, text, etag })
    }

    /// Items for zones whose identifiers may repeat: the second `CTR` becomes `CTR~2`.
    pub(crate) fn of_all(zones: &[Zone]) -> Vec<Arc<Self>> {
        let given: HashSet<&str> = zones.iter().map(|zone| zone.identifier.as_str()).collect();
        let mut taken = HashSet::new();
        let mut items = Vec::with_capacity(zones.len());
        for zone in zones {
            let mut id = zone.identifier.clone();
            let mut count = 1;
            while taken.contains(&id) || (count > 1 && given.contains(id.as_str())) {
                count += 1;
                id = format!("{}~{count}", zone.identifier);
            }
            taken.insert(id.clone());
            items.push(Self::new(zone, id));
        }
        items
    }
}

/// Fowler, Noll and Vo's hash of 128 bits (RFC 9923): the same text, the same tag.
pub(crate) fn fnv1a_128(bytes: &[u8]) -> u128 {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes.iter().fold(OFFSET, |hash, &byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::fnv1a_128;

    #[test]
    fn the_hash_gives_the_published_values() {
        assert_eq!(fnv1a_128(b""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(fnv1a_128(b"a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }
}
