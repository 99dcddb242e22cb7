//! Each dialect, by what it makes of small schemas.
