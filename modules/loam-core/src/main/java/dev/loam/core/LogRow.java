package dev.loam.core;

/** An entry of an append log and where it stands. */
public record LogRow(LogKey key, Value value) {}
