//! Chinese web-map coordinates: GCJ-02 and BD-09 to and from WGS-84.

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
