package dev.loam.index;

import dev.loam.core.RecordId;
import java.util.Optional;

/**
 * A record in a scored list.
 *
 * @param score comparable within its list only
 * @param question whether its text ends with a question mark
 */
public record Candidate(RecordId id, double score, Optional<String> session, boolean question) {}
