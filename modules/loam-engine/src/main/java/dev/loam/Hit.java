package dev.loam;

/**
 * A memory that was recalled.
 *
 * @param rank from 1
 * @param score for comparing hits of the same answer, greater is better; means nothing beyond it
 */
public record Hit(int rank, double score, Memory memory) {}
