package dev.loam.sim;

import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a memory is: for each field all values that nobody has overwritten, and the tags.
 *
 * @param siblings never empty for a field
 */
record Content(SortedMap<String, SortedSet<String>> siblings, SortedSet<String> tags) {}
