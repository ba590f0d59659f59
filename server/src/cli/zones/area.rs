//! How large an outline is.

use tianlu_engine::airspace::{Outline, Ring};

/// The radius of the sphere with the surface of WGS-84.
const AUTHALIC_RADIUS_KM: f64 = 6_371.007_2;

/// Square kilometres within an outline; parts that overlap count twice.
///
/// Exact on the sphere for edges straight in longitude and latitude but for the trapezoid rule; the sphere is within
/// 0.5 % of the ellipsoid.
pub(super) fn square_km(outline: &Outline) -> f64 {
    match outline {
        Outline::Circle { radius_m, .. } => std::f64::consts::PI * (radius_m / 1000.0).powi(2),
        Outline::Polygons(polygons) => polygons
            .iter()
            .map(|polygon| {
                let holes: f64 = polygon.holes.iter().map(ring_square_km).sum();
                ring_square_km(&polygon.exterior) - holes
            })
            .sum(),
    }
}

fn ring_square_km(ring: &Ring) -> f64 {
    let doubled: f64 = ring
        .windows(2)
        .map(|edge| {
            let (from, to) = (edge[0], edge[1]);
            let sines = from.lat().to_radians().sin() + to.lat().to_radians().sin();
            (to.lon() - from.lon()).to_radians() * sines
        })
        .sum();
    (doubled / 2.0).abs() * AUTHALIC_RADIUS_KM.powi(2)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use tianlu_engine::airspace::Polygon;
    use tianlu_engine::frame::LonLat;

    use super::*;

    #[test]
    fn a_degree_at_the_equator_is_12_309_square_km() {
        let ring: Ring = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
            .map(|(lon, lat)| LonLat::new(lon, lat).unwrap())
            .to_vec();
        let outline = Outline::Polygons(vec![Polygon { exterior: ring, holes: Vec::new() }]);
        // 12,308.78 km² on the ellipsoid (Karney); the sphere may be off by 0.5 %.
        assert!((square_km(&outline) / 12_308.78 - 1.0).abs() < 0.005);
    }

    #[test]
    fn a_circle_is_pi_r_squared() {
        let outline = Outline::Circle { centre: LonLat::new(120.76, 30.75).unwrap(), radius_m: 2000.0 };
        assert!((square_km(&outline) - 12.566).abs() < 0.001);
    }
}
