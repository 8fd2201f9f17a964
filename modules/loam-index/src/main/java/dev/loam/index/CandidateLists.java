package dev.loam.index;

import java.util.List;

/**
 * What a search found, each list by score descending, then by id.
 *
 * @param text by the words of the record's own text
 * @param window by the words of its text and of the two turns before it in its session
 * @param dense by the dot product of the vectors at unit length
 */
public record CandidateLists(List<Candidate> text, List<Candidate> window, List<Candidate> dense) {
    public CandidateLists {
        text = List.copyOf(text);
        window = List.copyOf(window);
        dense = List.copyOf(dense);
    }
}
