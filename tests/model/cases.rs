//! Scripted histories, named as sentences.
