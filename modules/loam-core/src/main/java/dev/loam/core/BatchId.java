package dev.loam.core;

/** The identity of a batch: its vault, its author, and its number in the author's chain, from 1. */
public record BatchId(VaultId vault, ActorId actor, long sequence) {}
