//! Heights above mean sea level, above ground and above the ellipsoid, as types that cannot be mixed up.

/// A number that was NaN or infinite where a finite one is needed.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("found {0}, expected a finite number")]
pub struct NotFinite(pub f64);

macro_rules! height {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// A height in metres.
            ///
            /// # Errors
            /// [`NotFinite`] if the number is NaN or infinite.
            pub fn new(metres: f64) -> Result<Self, NotFinite> {
                if metres.is_finite() { Ok(Self(metres)) } else { Err(NotFinite(metres)) }
            }

            /// The height in metres.
            pub const fn metres(self) -> f64 {
                self.0
            }
        }
    };
}

height!(
    /// Metres above mean sea level.
    Amsl
);
height!(
    /// Metres above the ground right below.
    Agl
);
height!(
    /// Metres above the WGS-84 ellipsoid, as satellite receivers measure.
    Ellipsoidal
);

impl Agl {
    /// The same height above sea level, over ground of the given height.
    pub fn over(self, ground: Amsl) -> Amsl {
        Amsl(self.0 + ground.0)
    }
}

impl Amsl {
    /// The same height above ground of the given height.
    pub fn above(self, ground: Amsl) -> Agl {
        Agl(self.0 - ground.0)
    }

    /// The same height above the ellipsoid, where the geoid stands `undulation_m` above it.
    pub fn to_ellipsoidal(self, undulation_m: f64) -> Ellipsoidal {
        Ellipsoidal(self.0 + undulation_m)
    }
}

impl Ellipsoidal {
    /// The same height above sea level, where the geoid stands `undulation_m` above the ellipsoid.
    pub fn to_amsl(self, undulation_m: f64) -> Amsl {
        Amsl(self.0 - undulation_m)
    }
}

/// A vertical limit with its reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Height {
    /// Above mean sea level.
    Amsl(Amsl),
    /// Above the ground below the aircraft.
    Agl(Agl),
}

impl Height {
    /// The height above sea level in metres over ground at `ground_m`.
    pub fn amsl_over(self, ground_m: f64) -> f64 {
        match self {
            Self::Amsl(height) => height.metres(),
            Self::Agl(height) => height.metres() + ground_m,
        }
    }

    /// The bare number of metres, whatever the reference.
    pub const fn metres(self) -> f64 {
        match self {
            Self::Amsl(height) => height.metres(),
            Self::Agl(height) => height.metres(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn only_finite_heights() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(
                Amsl::new(number).is_err() && Agl::new(number).is_err() && Ellipsoidal::new(number).is_err()
            );
        }
        assert_eq!(Amsl::new(f64::INFINITY).unwrap_err().to_string(), "found inf, expected a finite number");
        assert_eq!(Agl::new(-3.5).unwrap().metres(), -3.5);
    }

    #[test]
    fn references_convert_both_ways() {
        let ground = Amsl::new(12.5).unwrap();
        let height = Agl::new(60.0).unwrap();
        assert_eq!(height.over(ground), Amsl::new(72.5).unwrap());
        assert_eq!(height.over(ground).above(ground), height);
        // The geoid stands some 10 m above the ellipsoid at Jiaxing.
        let ellipsoidal = ground.to_ellipsoidal(10.25);
        assert_eq!(ellipsoidal, Ellipsoidal::new(22.75).unwrap());
        assert_eq!(ellipsoidal.to_amsl(10.25), ground);
    }

    #[test]
    fn a_limit_counts_from_its_reference() {
        let above_sea = Height::Amsl(Amsl::new(120.0).unwrap());
        let above_ground = Height::Agl(Agl::new(120.0).unwrap());
        assert_eq!((above_sea.amsl_over(35.0), above_ground.amsl_over(35.0)), (120.0, 155.0));
        assert_eq!((above_sea.metres(), above_ground.metres()), (120.0, 120.0));
    }
}
