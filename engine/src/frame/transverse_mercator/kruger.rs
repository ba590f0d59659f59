//! Krüger's series for the transverse Mercator projection of WGS-84, to sixth order in the third flattening.
//!
//! Reference: Karney, J. Geodesy 85 (2011), equations 7 to 36. Within 3,900 km of the central meridian the series is
//! good to 5 nm.

use super::Xy;

const SEMI_MAJOR_M: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_223_563;
const THIRD_FLATTENING: f64 = FLATTENING / (2.0 - FLATTENING);
const ECCENTRICITY_SQUARED: f64 = FLATTENING * (2.0 - FLATTENING);

/// Metres of meridian for a radian of rectifying latitude.
const RECTIFYING_RADIUS_M: f64 = {
    let n2 = THIRD_FLATTENING * THIRD_FLATTENING;
    SEMI_MAJOR_M / (1.0 + THIRD_FLATTENING) * (1.0 + n2 * (1.0 / 4.0 + n2 * (1.0 / 64.0 + n2 / 256.0)))
};

/// From conformal to rectifying: coefficients of sines of 2, 4, ... 12 times the angle.
const ALPHA: [f64; 6] = series([
    [1.0 / 2.0, -2.0 / 3.0, 5.0 / 16.0, 41.0 / 180.0, -127.0 / 288.0, 7_891.0 / 37_800.0],
    [0.0, 13.0 / 48.0, -3.0 / 5.0, 557.0 / 1_440.0, 281.0 / 630.0, -1_983_433.0 / 1_935_360.0],
    [0.0, 0.0, 61.0 / 240.0, -103.0 / 140.0, 15_061.0 / 26_880.0, 167_603.0 / 181_440.0],
    [0.0, 0.0, 0.0, 49_561.0 / 161_280.0, -179.0 / 168.0, 6_601_661.0 / 7_257_600.0],
    [0.0, 0.0, 0.0, 0.0, 34_729.0 / 80_640.0, -3_418_889.0 / 1_995_840.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 212_378_941.0 / 319_334_400.0],
]);

/// From rectifying to conformal, to be subtracted.
const BETA: [f64; 6] = series([
    [1.0 / 2.0, -2.0 / 3.0, 37.0 / 96.0, -1.0 / 360.0, -81.0 / 512.0, 96_199.0 / 604_800.0],
    [0.0, 1.0 / 48.0, 1.0 / 15.0, -437.0 / 1_440.0, 46.0 / 105.0, -1_118_711.0 / 3_870_720.0],
    [0.0, 0.0, 17.0 / 480.0, -37.0 / 840.0, -209.0 / 4_480.0, 5_569.0 / 90_720.0],
    [0.0, 0.0, 0.0, 4_397.0 / 161_280.0, -11.0 / 504.0, -830_251.0 / 7_257_600.0],
    [0.0, 0.0, 0.0, 0.0, 4_583.0 / 161_280.0, -108_847.0 / 3_991_680.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 20_648_693.0 / 638_668_800.0],
]);

/// Beyond this the series is of no use and grows without bound: what lies there is drawn to it.
const GREATEST_ETA: f64 = 3.0;

/// Polynomials in the third flattening, powers 1 to 6.
const fn series(rows: [[f64; 6]; 6]) -> [f64; 6] {
    let mut sums = [0.0; 6];
    let mut row = 0;
    while row < 6 {
        let mut power = 6;
        while power > 0 {
            power -= 1;
            sums[row] = (sums[row] + rows[row][power]) * THIRD_FLATTENING;
        }
        row += 1;
    }
    sums
}

/// A point of the plane on the ellipsoid: degrees east of the central meridian, latitude, and the scale there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inverse {
    pub(super) lon_deg: f64,
    pub(super) lat_deg: f64,
    pub(super) scale: f64,
}

/// Metres east of the central meridian and north of the equator, for degrees of latitude and east of that meridian.
pub(super) fn forward(lat_deg: f64, lon_deg: f64) -> Xy {
    let (sin_lon, cos_lon) = lon_deg.to_radians().sin_cos();
    let conformal_tan = conformal(lat_deg.to_radians().tan());
    let xi = conformal_tan.atan2(cos_lon);
    let eta = (sin_lon / conformal_tan.hypot(cos_lon)).asinh().clamp(-GREATEST_ETA, GREATEST_ETA);
    let terms = Terms::new(&ALPHA, xi, eta);
    Xy { x: RECTIFYING_RADIUS_M * (eta + terms.eta), y: RECTIFYING_RADIUS_M * (xi + terms.xi) }
}

/// The inverse of [`forward`]; both coordinates must be finite.
pub(super) fn inverse(at: Xy) -> Inverse {
    let xi = (at.y / RECTIFYING_RADIUS_M).clamp(-std::f64::consts::PI, std::f64::consts::PI);
    let eta = (at.x / RECTIFYING_RADIUS_M).clamp(-GREATEST_ETA, GREATEST_ETA);
    let terms = Terms::new(&BETA, xi, eta);
    let (sin_xi, cos_xi) = (xi - terms.xi).sin_cos();
    let sinh_eta = (eta - terms.eta).sinh();
    let to_pole = sinh_eta.hypot(cos_xi);
    let tan = geographic(sin_xi / to_pole);
    let squared = 1.0 + tan * tan;
    let spheroid = (1.0 - ECCENTRICITY_SQUARED + ECCENTRICITY_SQUARED / squared).sqrt();
    let stretch = (1.0 - terms.along).hypot(terms.across) * SEMI_MAJOR_M / RECTIFYING_RADIUS_M;
    Inverse {
        lon_deg: sinh_eta.atan2(cos_xi).to_degrees(),
        lat_deg: tan.atan().to_degrees(),
        scale: spheroid * squared.sqrt() * to_pole / stretch,
    }
}

/// The sums of a series at a complex angle, and of its derivative.
struct Terms {
    xi: f64,
    eta: f64,
    along: f64,
    across: f64,
}

impl Terms {
    fn new(coefficients: &[f64; 6], xi: f64, eta: f64) -> Self {
        let mut sums = Self { xi: 0.0, eta: 0.0, along: 0.0, across: 0.0 };
        for (coefficient, multiple) in coefficients.iter().zip([2.0, 4.0, 6.0, 8.0, 10.0, 12.0]) {
            let (sin, cos) = (multiple * xi).sin_cos();
            let (sinh, cosh) = ((multiple * eta).sinh(), (multiple * eta).cosh());
            sums.xi += coefficient * sin * cosh;
            sums.eta += coefficient * cos * sinh;
            sums.along += multiple * coefficient * cos * cosh;
            sums.across += multiple * coefficient * sin * sinh;
        }
        sums
    }
}

/// The tangent of the conformal latitude, from that of the geographic one.
fn conformal(tan: f64) -> f64 {
    let secant = tan.hypot(1.0);
    let eccentricity = ECCENTRICITY_SQUARED.sqrt();
    let sigma = (eccentricity * (eccentricity * tan / secant).atanh()).sinh();
    tan * sigma.hypot(1.0) - sigma * secant
}

/// The tangent of the geographic latitude, from that of the conformal one: Newton's method, quadratic from the start.
fn geographic(conformal_tan: f64) -> f64 {
    let polar = 1.0 - ECCENTRICITY_SQUARED;
    if conformal_tan.abs() > 1e9 {
        return conformal_tan / polar; // within 7 mm of the pole: less than a micrometre off
    }
    let mut tan = conformal_tan / polar;
    for _ in 0..5 {
        let there = conformal(tan);
        let slope = polar * there.hypot(1.0) * tan.hypot(1.0) / (1.0 + polar * tan * tan);
        let step = (conformal_tan - there) / slope;
        tan += step;
        if step.abs() <= 1e-15 * tan.abs().max(1.0) {
            break;
        }
    }
    tan
}
