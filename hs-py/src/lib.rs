//! Python package `human_security`.
