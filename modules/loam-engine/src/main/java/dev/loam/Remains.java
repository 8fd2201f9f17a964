package dev.loam;

/**
 * Where a text was found in a store's files.
 *
 * @param text its place among those that were sought, from 0: a report of what was to be forgotten
 *     does not repeat it
 * @param place a file of the store and a byte in it, or an entry of the log, which may be deflated
 *     in its file
 */
public record Remains(int text, String place) {}
