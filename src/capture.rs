//! Deliveries as people have them.
