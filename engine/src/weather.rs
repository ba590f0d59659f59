//! Wind by height above ground.

use crate::frame::NotFinite;

/// Steady horizontal wind from a height above ground up to the next layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WindLayer {
    /// Where it begins, metres above ground; negative infinity for wind at all heights.
    pub above_agl_m: f64,
    /// Speed, not negative.
    pub speed_m_s: f64,
    /// Where it blows from, degrees clockwise from north.
    pub from_deg: f64,
}

impl WindLayer {
    /// East and north components in m/s.
    pub fn velocity(&self) -> (f64, f64) {
        let towards = (self.from_deg + 180.0).to_radians();
        (self.speed_m_s * towards.sin(), self.speed_m_s * towards.cos())
    }
}

/// Layers of wind; calm below the lowest.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wind {
    layers: Vec<WindLayer>,
}

impl Wind {
    /// No wind.
    pub const CALM: Self = Self { layers: Vec::new() };

    /// Wind of these layers, in any order.
    ///
    /// # Errors
    /// [`NotFinite`] if a speed or direction is not finite, or a speed is negative.
    pub fn new(mut layers: Vec<WindLayer>) -> Result<Self, NotFinite> {
        for layer in &layers {
            for number in [layer.speed_m_s, layer.from_deg] {
                if !number.is_finite() {
                    return Err(NotFinite(number));
                }
            }
            if layer.above_agl_m.is_nan() || layer.speed_m_s < 0.0 {
                return Err(NotFinite(layer.above_agl_m));
            }
        }
        layers.sort_by(|a, b| a.above_agl_m.total_cmp(&b.above_agl_m));
        Ok(Self { layers })
    }

    /// The layers, lowest first.
    pub fn layers(&self) -> &[WindLayer] {
        &self.layers
    }

    /// Is there no wind at any height?
    pub fn is_calm(&self) -> bool {
        self.layers.iter().all(|layer| layer.speed_m_s == 0.0)
    }

    /// East and north components in m/s at a height above ground.
    pub fn velocity_at(&self, agl_m: f64) -> (f64, f64) {
        let below = self.layers.iter().rev().find(|layer| layer.above_agl_m <= agl_m);
        below.map_or((0.0, 0.0), WindLayer::velocity)
    }

    /// The greatest speed at any height.
    pub fn greatest_m_s(&self) -> f64 {
        self.layers.iter().map(|layer| layer.speed_m_s).fold(0.0, f64::max)
    }
}
