//! Chinese web-map coordinates: GCJ-02 and BD-09 to and from WGS-84.
//!
//! Public maps of China are drawn some hundred metres off WGS-84, by a smooth shift that depends on the place
//! ([Wikipedia, Restrictions on geographic data in China](https://en.wikipedia.org/wiki/Restrictions_on_geographic_data_in_China)).
//! Forward it has a formula; backward it is solved to 1e-10 degrees (0.01 mm).

use tianlu_engine::frame::LonLat;

/// What the coordinates of a file mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Crs {
    /// WGS-84 longitude and latitude.
    #[default]
    Wgs84,
    /// GCJ-02, as AMap and Tencent draw.
    Gcj02,
    /// BD-09, as Baidu draws.
    Bd09,
}

impl Crs {
    /// The place in WGS-84 of what is drawn at `drawn`.
    ///
    /// Outside the box 72.004 to 137.8347 E, 0.8293 to 55.8271 N nothing is shifted.
    ///
    /// ```
    /// use tianlu_airspace_data::crs::Crs;
    /// use tianlu_engine::frame::LonLat;
    /// let drawn = LonLat::new(120.7643184, 30.7507023).unwrap();
    /// let nanhu_lake = Crs::Gcj02.to_wgs84(drawn);
    /// assert!((nanhu_lake.lon() - 120.76).abs() < 1e-6);
    /// assert!((nanhu_lake.lat() - 30.753).abs() < 1e-6);
    /// ```
    pub fn to_wgs84(self, drawn: LonLat) -> LonLat {
        if self == Self::Wgs84 || !is_shifted(drawn) {
            return drawn;
        }
        let target = (drawn.lon(), drawn.lat());
        let (mut lon, mut lat) = target;
        for _ in 0..ROUNDS {
            let (at_lon, at_lat) = self.shift(lon, lat);
            let (off_lon, off_lat) = (at_lon - target.0, at_lat - target.1);
            (lon, lat) = (lon - off_lon, lat - off_lat);
            if off_lon.abs().max(off_lat.abs()) < TOLERANCE_DEG {
                break;
            }
        }
        LonLat::new(lon, lat).unwrap_or(drawn)
    }

    /// Where a place in WGS-84 is drawn.
    pub fn from_wgs84(self, place: LonLat) -> LonLat {
        if self == Self::Wgs84 || !is_shifted(place) {
            return place;
        }
        let (lon, lat) = self.shift(place.lon(), place.lat());
        LonLat::new(lon, lat).unwrap_or(place)
    }

    fn shift(self, lon: f64, lat: f64) -> (f64, f64) {
        match self {
            Self::Wgs84 => (lon, lat),
            Self::Gcj02 => gcj02(lon, lat),
            Self::Bd09 => {
                let (lon, lat) = gcj02(lon, lat);
                bd09(lon, lat)
            }
        }
    }
}

/// The inverse is solved so well, in degrees.
const TOLERANCE_DEG: f64 = 1e-11;
/// The shift changes by about 1 % of the way, so each round gains two digits.
const ROUNDS: usize = 20;

fn is_shifted(place: LonLat) -> bool {
    (72.004..=137.8347).contains(&place.lon()) && (0.8293..=55.8271).contains(&place.lat())
}

/// The shift of GCJ-02, on the Krasovsky 1940 ellipsoid.
fn gcj02(lon: f64, lat: f64) -> (f64, f64) {
    const SEMI_MAJOR_M: f64 = 6_378_245.0;
    const ECCENTRICITY_2: f64 = 0.006_693_421_622_965_943;
    let (x, y) = (lon - 105.0, lat - 35.0);
    let common = wave(x, [(6.0, 20.0), (2.0, 20.0)]);
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + common
        + wave(x, [(1.0, 20.0), (1.0 / 3.0, 40.0)])
        + wave(x, [(1.0 / 12.0, 150.0), (1.0 / 30.0, 300.0)]);
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + common
        + wave(y, [(1.0, 20.0), (1.0 / 3.0, 40.0)])
        + wave(y, [(1.0 / 12.0, 160.0), (1.0 / 30.0, 320.0)]);
    let (sine, cosine) = lat.to_radians().sin_cos();
    let bend = 1.0 - ECCENTRICITY_2 * sine * sine;
    let meridian_m = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2) / (bend * bend.sqrt());
    let parallel_m = SEMI_MAJOR_M / bend.sqrt() * cosine;
    (lon + (east / parallel_m).to_degrees(), lat + (north / meridian_m).to_degrees())
}

/// Two thirds of a sum of sines, each of a number of half turns per degree and an amplitude.
fn wave(at: f64, parts: [(f64, f64); 2]) -> f64 {
    parts.iter().map(|(rate, size)| size * (at * rate * std::f64::consts::PI).sin()).sum::<f64>() * 2.0 / 3.0
}

/// The further shift of BD-09.
fn bd09(lon: f64, lat: f64) -> (f64, f64) {
    const RATE: f64 = std::f64::consts::PI * 3000.0 / 180.0;
    let reach = lon.hypot(lat) + 0.000_02 * (lat * RATE).sin();
    let angle = lat.atan2(lon) + 0.000_003 * (lon * RATE).cos();
    (reach * angle.cos() + 0.0065, reach * angle.sin() + 0.006)
}

#[cfg(test)]
mod tests;
